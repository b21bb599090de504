// The whole road in a real browser: use the form, close the tab, open the dashboard, play the recording,
// scrub to the middle, and see the form as it was.
import assert from "node:assert/strict";
import {accessible, check, counts, eventually, listen, same} from "./checks.mjs";
import {formState, launch, startDemo} from "./demo.mjs";
import {fidelity} from "./dom.mjs";
import {hosts} from "./hosts.mjs";
import {list} from "./list.mjs";
import {nested} from "./nested.mjs";

// Types into the live form and returns it as it was halfway and at the end.
async function useForm(page, app) {
  await page.goto(`${app}/checkout`);
  await page.waitForSelector("[data-phx-main].phx-connected");
  const type = (selector, text) => page.locator(selector).pressSequentially(text, {delay: 45});
  const settled = () => page.waitForFunction(() => !document.querySelector(".phx-change-loading"));

  await type("#order_name", "Ada Quill");
  await type("#order_email", "ada.quill");
  await type("#order_password", "correct horse");
  await page.locator("text=Add an item").click();
  await page.waitForSelector("#order_items_1_quantity");

  // A rest in the middle: whatever moment of it is looked at later, this is what was there.
  await settled();
  await page.waitForTimeout(700);
  const middle = await page.evaluate(formState);
  const middleAt = Date.now();
  await page.waitForTimeout(700);

  await type("#order_email", "@example.org");
  await type("#order_address_0_street", "14 Observatory Gardens");
  await page.locator("#order_items_1_product").selectOption("Moss, tray");
  await page.locator("#order_gift").check();
  await settled();
  // Counted from the last event: when the first was is known to the server alone.
  const beforeEnd = Date.now() - middleAt;
  await page.waitForTimeout(300);
  return {middle, beforeEnd, end: await page.evaluate(formState)};
}

// A password is not recorded: the replay shows that there was one.
const asReplayed = state => ({...state, fields: {...state.fields, order_password: "[FILTERED]"}});

// The assigns as a tree: found by value, shown where they are, walked with the arrow keys.
async function state(page) {
  await page.locator("#tab-state").click();
  await page.locator("#state-find").fill("Observatory");
  await page.locator("button.line", {hasText: "street"}).first().click();
  const shown = await eventually(
    () => page.evaluate(() => document.activeElement.textContent), text => /Observatory/.test(text));
  check("a value is found in the state and shown in the tree", () => assert.match(shown, /14 Observatory/));
  const said = await eventually(
    () => page.locator("#last-change").innerText(), text => /at \d+:\d/.test(text));
  check("it is said when it last changed", () => assert.match(said, /\(event \d+\)/));

  await page.keyboard.press("ArrowLeft");
  const above = await page.evaluate(() => document.activeElement.getAttribute("aria-expanded"));
  check("the arrow keys walk the tree", () => assert.equal(above, "true"));
  await page.locator("#copy-json").click();
  const copied = await eventually(
    () => page.locator("#copy-json").innerText(), text => text === "Copied");
  check("the value is copied", () => assert.equal(copied, "Copied"));
  await accessible(page, "the state of a moment");

  const index = () => page.locator("#player").getAttribute("data-index");
  const before = await index();
  await page.locator("#last-change button").click();
  const after = await eventually(index, now => now !== before);
  check("the player jumps to where it changed", () => assert.ok(Number(after) < Number(before)));
  await page.locator("#tab-events").click();
}

// The events by kind: without renders, each says what it changed.
async function events(page) {
  await page.locator("#events-filter").getByText("Renders").click();
  const first = page.locator(".ev", {hasText: "validate"}).first();
  const said = await eventually(() => first.innerText(), text => /@form/.test(text));
  check("without renders an event says what it changed", () => assert.match(said, /→ @form/));
  await page.locator("#events-find").fill("mount");
  const rows = await eventually(() => page.locator(".ev").count(), count => count === 1);
  check("events are filtered by text", () => assert.equal(rows, 1));
  await page.locator(".ev").click();
  const selected = await eventually(
    () => page.locator(".ev").getAttribute("aria-selected"), value => value === "true");
  check("a filtered event is played from", () => assert.equal(selected, "true"));
  await page.locator("#events-find").fill("");
  await page.locator("#events-filter").getByText("Renders").click();
}

// The scrubber says what is under the pointer; keys and a link lead to moments.
async function moments(page) {
  const index = () => page.locator("#player").getAttribute("data-index");
  const box = await page.locator("#track").boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  const tip = await page.locator(".tip").innerText();
  check("the scrubber says what is under the pointer", () => assert.match(tip, /^\d+:\d\d\.\d\d/));

  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await page.keyboard.press("N");
  const at = await eventually(index, value => Number(value) < 3);
  check("N goes back to where a page began", () => assert.ok(Number(at) < 3, at));
  await page.keyboard.press("/");
  const focused = await page.evaluate(() => document.activeElement.id);
  check("/ goes to the filter", () => assert.equal(focused, "events-find"));
  await page.keyboard.press("Escape");

  await page.selectOption("#rests", "1000");
  const rests = await page.locator(".rests rect").count();
  check("rests are shaded", () => assert.ok(rests >= 1));
  await page.selectOption("#rests", "");

  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  await page.locator("#link").click();
  const before = await eventually(index, value => Number(value) > 3);
  const time = await page.locator("#time").innerText();
  await page.reload();
  await page.waitForSelector("#track");
  const after = await eventually(index, value => value === before);
  check("a link leads to its moment", () => assert.equal(after, before));
  const again = await eventually(() => page.locator("#time").innerText(), value => value === time);
  check("and to its very time", () => assert.equal(again, time));
}

async function walk(browser, demo) {
  const complaints = [];
  const context = await browser.newContext({permissions: ["clipboard-read", "clipboard-write"]});

  const tab = await context.newPage();
  listen(tab, complaints);
  const {middle, beforeEnd, end} = await useForm(tab, demo.app);
  check("the form answers: a wrong address is named", () =>
    assert.match(middle.errors.join(), /order_email_errors: is not an address/));
  check("the form answers: two items", () => assert.equal(end.fields.order_items_1_product, "Moss, tray"));
  await tab.close();

  const page = await context.newPage();
  listen(page, complaints);
  await page.goto(demo.dashboard);
  const row = page.locator("a", {hasText: "CheckoutLive"}).first();
  await row.waitFor({timeout: 15_000});
  check("the recording is in the list", () => assert.ok(true));
  let frames = 0;
  page.on("request", request => { if (/\/frame(\?|$)/.test(request.url())) frames += 1; });
  await row.click();

  await page.waitForSelector("#track");
  const frame = page.frameLocator("#frame");
  await frame.locator("#checkout").waitFor();
  const replayed = () => frame.locator("body").evaluate(formState);
  check("the frame is loaded once, beside the recording", () => assert.equal(frames, 1));
  const track = page.locator("#track");
  const duration = Number(await track.getAttribute("aria-valuemax"));

  await page.locator("[data-speed='16']").click();
  await page.locator("#play").click();
  const last = await eventually(replayed, state => same(state, asReplayed(end)), 15_000);
  check("played to its end, the form is as it was left", () => assert.deepEqual(last, asReplayed(end)));

  await accessible(page, "the player");
  await state(page);
  await events(page);
  await moments(page);
  await frame.locator("#checkout").waitFor();

  const box = await track.boundingBox();
  const share = (duration - beforeEnd) / duration;
  check("the rest was about the middle", () => assert.ok(share > 0.3 && share < 0.7, `${share}`));
  await page.mouse.move(box.x + box.width - 3, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * share, box.y + box.height / 2, {steps: 8});
  await page.mouse.up();
  const half = await eventually(replayed, state => same(state, asReplayed(middle)));
  check("scrubbed to the middle, the form is as it was then", () =>
    assert.deepEqual(half, asReplayed(middle)));

  await track.focus();
  await page.keyboard.press("Home");
  const first = await eventually(replayed, state => state.fields.order_name === "");
  check("at the first event nothing is typed yet", () => assert.equal(first.fields.order_name, ""));

  await page.locator("#next").click();
  await page.keyboard.press("End");
  await eventually(replayed, state => same(state, asReplayed(end)));

  // Inert: pressing what was recorded changes nothing, here or in the application.
  await frame.locator("#checkout button[type=submit]").click({force: true}).catch(() => {});
  await page.waitForTimeout(300);
  const after = await replayed();
  check("the replayed page is inert", () => assert.deepEqual(after, asReplayed(end)));

  check("the browser's console has no errors", () => assert.deepEqual(complaints, []));
}

let demo, browser;
try {
  demo = await startDemo(["--empty"]);
  browser = await launch();
  await walk(browser, demo);
  await list(browser, demo);
  await hosts(browser, demo);
  await nested(browser, demo);
  await fidelity(browser, demo);
} catch (error) {
  counts.failed += 1;
  console.log(`FAILED  ${error.stack}`);
} finally {
  await browser?.close();
  await demo?.stop();
}

console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed === 0 && counts.passed > 0 ? 0 : 1;
