// What a person saw, moment by moment, and what the player's frame shows of each: the DOM of both, in order
// and in leaps.
import assert from "node:assert/strict";
import {check, eventually, listed, listen, visit} from "./checks.mjs";

// The page as it is on the screen, as a text: with what is typed and ticked, passwords aside, without what
// LiveView marks elements with. Runs in the page.
function dom() {
  // The number of a component, as which phx-target names it, is new each time.
  const generated = name => name.startsWith("data-phx-") || name === "phx-target";
  const loading = name => /^phx-.*-loading$/.test(name);

  const tree = node => {
    if (node.nodeType === Node.TEXT_NODE) return node.textContent.trim();
    if (node.nodeType !== Node.ELEMENT_NODE || node.name === "_csrf_token") return "";
    const attributes = [...node.attributes]
      .filter(({name}) => !generated(name) && !["class", "value", "checked", "selected"].includes(name))
      .map(({name, value}) => `${name}=${value}`);
    const classes = [...node.classList].filter(name => !loading(name));
    const secret = node.type === "password";
    const state = [secret ? "" : node.value, node.checked].filter(value => value !== undefined);
    const inside = node.tagName === "TEXTAREA" ? [] : [...node.childNodes].map(tree).filter(text => text !== "");
    return [node.tagName, classes.join(" "), ...attributes.sort(), state.join("/"), inside];
  };
  return JSON.stringify([...document.querySelector("[data-phx-main]").childNodes].map(tree).filter(text => text !== ""));
}

// Each of them is one event to the view.
const visits = {
  counter: [
    page => page.locator("#add").click(),
    page => page.locator("#step_size").fill("5"),
    page => page.locator("#add").click(),
    page => page.locator("#take").click(),
  ],
  checkout: [
    page => page.locator("#order_name").fill("Ada Quill"),
    page => page.locator("#order_email").fill("ada.quill"),
    page => page.locator("text=Add an item").click(),
    page => page.locator("#order_items_1_product").selectOption("Moss, tray"),
    page => page.locator("#order_email").fill("ada.quill@example.org"),
    page => page.locator("#order_notes").fill("Leave it\nwith the porter."),
    page => page.locator("#order_gift").check(),
  ],
  tasks: [
    page => page.locator("#search input").fill("orchids"),
    page => page.locator("td input[type=checkbox]").nth(1).click(),
    page => page.locator("td button", {hasText: "Edit"}).first().click(),
    page => page.locator("#task_title").fill("Repot them all"),
    page => page.locator("#edit button[type=submit]").click(),
    page => page.locator("#search input").fill("nothing like it"),
    page => page.locator("#search input").fill(""),
  ],
  notes: [
    page => page.locator("#notes-2 button", {hasText: "Read"}).click(),
    page => page.locator("#note_text").fill("The kettle works again."),
    page => page.locator("#note button").click(),
    page => page.locator("#notes-4 button", {hasText: "Read"}).click(),
    // In the LiveView within it, which has a recording of its own, and then in this one.
    async page => {
      for (const degrees of [19, 20]) {
        await page.locator("#thermometer button").click();
        await page.getByText(`${degrees} degrees`).waitFor();
      }
      await page.locator("#notes-1 button", {hasText: "Take down"}).click();
    },
    page => page.locator("#notes-2 button", {hasText: "Read"}).click(),
  ],
};

// The page at first and after each step, once nothing is under way.
async function live(context, address, steps, complaints) {
  const page = await visit(context, address, complaints);
  // What comes later is part of how the page began.
  await page.waitForFunction(() => !/Asking for/.test(document.body.innerText));
  const seen = [await page.evaluate(dom)];
  for (const step of steps) {
    await step(page);
    await page.waitForFunction(() => !document.querySelector("[class*=-loading]"));
    seen.push(await page.evaluate(dom));
  }
  await page.close();
  return seen;
}

// Plays the one recording of a list, as soon as it is there.
async function open(page, list) {
  const row = await listed(page, list);
  await row.locator("a").first().click();
  await page.waitForSelector("#track");
  await page.frameLocator("#frame").locator("main").waitFor();
}

// The last event before the next interaction: all that one led to is on the page by then.
async function moments(page) {
  const heads = await page.locator(".ev.group").evaluateAll(rows => rows.map(row => Number(row.dataset.index)));
  const last = Number(await page.locator("#player").getAttribute("data-size")) - 1;
  return [...heads.slice(1).map(index => index - 1), last];
}

// Also backwards and in leaps, where the frame is drawn anew.
const leaps = count => [...Array(count).keys()].map(n => (n * 3 + count - 1) % count);

async function replayed(page, indexes, seen, order) {
  const frame = page.frameLocator("#frame").locator("body");
  const other = [];
  for (const n of order) {
    await page.locator(`#event-${indexes[n]}`).click();
    const shown = await eventually(() => frame.evaluate(dom), now => now === seen[n], 3_000);
    if (shown !== seen[n]) other.push({moment: n, ...difference(seen[n], shown)});
  }
  return other;
}

// Where the two part, for a person to read.
function difference(live, frame) {
  let at = 0;
  while (at < live.length && live[at] === frame[at]) at += 1;
  const around = text => text.slice(Math.max(at - 40, 0), at + 120);
  return {live: around(live), frame: around(frame)};
}

export async function fidelity(browser, demo) {
  const complaints = [];
  const context = await browser.newContext({viewport: {width: 1280, height: 1400}});
  for (const [path, steps] of Object.entries(visits)) {
    const seen = await live(context, `${demo.app}/${path}?by=moments`, steps, complaints);
    const page = await context.newPage();
    listen(page, complaints);
    await open(page, `${demo.dashboard}?text=${encodeURIComponent(`/${path}?by=moments`)}`);

    const indexes = await moments(page);
    check(`each step on the page of ${path} is an interaction in its recording`, () =>
      assert.equal(indexes.length, seen.length));
    const order = [...seen.keys(), ...leaps(seen.length)];
    const other = await replayed(page, indexes, seen, order);
    check(`the frame shows ${path} at ${seen.length} moments as its DOM was, in order and in leaps`, () =>
      assert.deepEqual(other, []));
    await page.close();
  }
  await context.close();
  check("the console says nothing of it", () => assert.deepEqual(complaints, []));
}
