// What the walks are made of: checks that count, conditions that take their time, a console that is heard.
import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import {createRequire} from "node:module";

export const counts = {passed: 0, failed: 0};

export function check(what, test) {
  try {
    test();
    counts.passed += 1;
    console.log(`ok      ${what}`);
  } catch (error) {
    counts.failed += 1;
    console.log(`FAILED  ${what}\n        ${error.message.replaceAll("\n", "\n        ")}`);
  }
}

// A condition of the page that takes its time: the last value seen is returned, right or not.
export async function eventually(read, good, ms = 10_000) {
  const until = Date.now() + ms;
  let value = await read();
  while (!good(value) && Date.now() < until) {
    await new Promise(resolve => setTimeout(resolve, 50));
    value = await read();
  }
  return value;
}

export const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

// Chromium warns of every frame with both; what keeps ours in is its policy, see FramePolicy. And of every
// page, or frame, that is left before its socket was there: that of a recording that turns out not to be.
const known = /allow-scripts and allow-same-origin|WebSocket is closed before the connection is established/;

// Errors and warnings both.
export function listen(page, complaints) {
  page.on("console", message => {
    const told = ["error", "warning"].includes(message.type()) && !known.test(message.text());
    if (told) complaints.push(message.text());
  });
  page.on("pageerror", error => complaints.push(error.message));
}

// A page of the application, once its LiveView is connected.
export async function visit(context, address, complaints) {
  const page = await context.newPage();
  listen(page, complaints);
  await page.goto(address);
  await page.waitForSelector("[data-phx-main].phx-connected");
  return page;
}

// The row of a recording in the list, as soon as it is there: a session that was just left may be saved after
// the list was read.
export async function listed(page, list, text = "") {
  const row = page.locator("#saved tr", {hasText: text, has: page.locator("a")}).first();
  const there = () => row.waitFor({timeout: 1_000}).then(() => true, () => false);
  await eventually(async () => { await page.goto(list); return there(); }, found => found, 20_000);
  return row;
}

// What the browser finds against a page's policy, told by the browser itself: a console may be filtered.
export async function violations(page) {
  const found = [];
  await page.exposeFunction("policyBroken", what => found.push(what));
  await page.addInitScript(() => addEventListener("securitypolicyviolation", event =>
    window.policyBroken(`${event.violatedDirective}: ${event.blockedURI} at ${event.sourceFile}:${event.lineNumber}`)));
  return async () => { await page.waitForTimeout(200); return found; };
}

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

// What is wrong with a page for who uses it by keyboard or screen reader, by axe's rules. The frame is the
// recorded application's own page, so it is not ours to judge.
export async function accessible(page, where) {
  // The page's policy lets no script in but ours; this way is the browser's own.
  await page.evaluate(axe);
  const violations = await page.evaluate(async () => {
    const {violations} = await axe.run({exclude: ["#frame"]}, {resultTypes: ["violations"]});
    return violations.map(({id, nodes}) => `${id}: ${nodes.map(node => node.html.slice(0, 160)).join(" | ")}`);
  });
  check(`axe finds nothing: ${where}`, () => assert.deepEqual(violations, []));
}
