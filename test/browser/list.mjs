// The list: sessions join and leave as they happen, filters are links, a search leads to a moment, what is
// deleted is asked about. On a wide screen, then on a phone's, in the dark.
import assert from "node:assert/strict";
import {accessible, check, eventually, listen, visit} from "./checks.mjs";

const row = (page, group, text) => page.locator(`#${group} tr`, {hasText: text});

async function count(context, demo, complaints) {
  const tab = await visit(context, `${demo.app}/counter`, complaints);
  await tab.locator("button").first().click();
  return tab;
}

// Somebody uses the application while somebody else looks on.
async function live(context, page, demo, complaints) {
  const tab = await count(context, demo, complaints);
  await row(page, "live-now", "CounterLive").waitFor({timeout: 10_000});
  check("a session joins the list as it begins", () => assert.ok(true));

  const watcher = await context.newPage();
  listen(watcher, complaints);
  await watcher.goto(demo.dashboard);
  await row(watcher, "live-now", "CounterLive").locator("a").click();
  await watcher.waitForSelector("#track");
  const index = () => watcher.locator("#player").getAttribute("data-index").then(Number);
  const before = await index();
  await tab.locator("button").first().click();
  const after = await eventually(index, value => value > before);
  check("a player follows a session as it grows", () => assert.ok(after > before, `${after}`));

  await watcher.keyboard.press("Home");
  const back = watcher.locator("#live");
  await back.waitFor();
  await tab.locator("button").first().click();
  await watcher.waitForTimeout(2500);
  const there = await index();
  check("who looks back is left where they are", () => assert.equal(there, 0));
  await back.click();
  const end = await eventually(index, value => value > after);
  check("and goes back to live by a button", () => assert.ok(end > after, `${end}`));
  await watcher.close();

  await tab.close();
  await page.getByText("1 new recording").waitFor({timeout: 15_000});
  const lingers = await row(page, "live-now", "CounterLive").count();
  check("it leaves what runs as it is saved", () => assert.equal(lingers, 0));
  const moved = await row(page, "saved", "CounterLive").count();
  check("what was saved is announced, and no row moves", () => assert.equal(moved, 0));
  await page.locator(".fresh button").click();
  await row(page, "saved", "CounterLive").waitFor();
  const gone = await row(page, "live-now", "CounterLive").count();
  check("and is shown when asked for", () => assert.equal(gone, 0));
}

async function filters(page, demo) {
  await page.locator("#filter-event").fill("validate");
  await page.waitForURL(/event=validate/);
  await row(page, "saved", "CounterLive").waitFor({state: "detached"});
  const kept = await row(page, "saved", "CheckoutLive").count();
  check("a filter leaves what it asks for", () => assert.equal(kept, 1));
  await page.goto(page.url());
  await row(page, "saved", "CheckoutLive").waitFor();
  const value = await page.locator("#filter-event").inputValue();
  check("its address is a link to it", () => assert.equal(value, "validate"));
  await accessible(page, "a filtered list");
  await page.getByRole("link", {name: "Clear filters"}).click();
  await row(page, "saved", "CounterLive").waitFor();
}

async function search(page, demo) {
  await page.locator("#filter-text").fill("Observatory");
  await page.waitForURL(/text=/);
  await page.locator("input[name=inside]").check();
  const hit = page.locator(".hit").first();
  await hit.waitFor();
  const found = await hit.innerText();
  check("a search finds what was typed", () => assert.match(found, /Observatory/));
  await accessible(page, "what was found");
  const moment = await hit.locator(".t").innerText();
  await hit.click();
  await page.waitForSelector("#track");
  const time = await eventually(() => page.locator("#time").innerText(), value => value === moment);
  check("a hit leads to its moment", () => assert.equal(time, moment));
  const event = await eventually(() => page.locator("section.state").innerText(), text => /Observatory/.test(text));
  check("and to the event that has what was looked for", () => assert.match(event, /Observatory/));

  const [file] = await Promise.all([page.waitForEvent("download"), page.locator("#download").click()]);
  check("a recording is downloaded", () => assert.match(file.suggestedFilename(), /\.etf\.gz$/));
  await page.goto(demo.dashboard);
}

async function remove(page) {
  await row(page, "saved", "CounterLive").locator(".pin").click();
  const pinned = await eventually(
    () => row(page, "saved", "CounterLive").locator(".pin").getAttribute("aria-pressed"), value => value === "true");
  check("a recording is kept", () => assert.equal(pinned, "true"));
  await row(page, "saved", "CounterLive").locator(".delete").click();
  await page.locator("dialog[open]").waitFor();
  await accessible(page, "a question");
  await page.keyboard.press("Escape");
  await page.locator("dialog").waitFor({state: "detached"});
  const kept = await row(page, "saved", "CounterLive").count();
  check("Escape takes a question back", () => assert.equal(kept, 1));
  await row(page, "saved", "CounterLive").locator(".delete").click();
  await page.locator("dialog button.danger").click();
  await row(page, "saved", "CounterLive").waitFor({state: "detached"});
  check("a recording is deleted after asking", () => assert.ok(true));
}

// A phone, in the dark: nothing is wider than the screen, and axe finds nothing there either.
async function narrow(browser, demo, complaints) {
  const context = await browser.newContext({viewport: {width: 360, height: 740}, colorScheme: "dark"});
  const page = await context.newPage();
  listen(page, complaints);
  const over = () => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  await page.goto(demo.dashboard);
  await row(page, "saved", "CheckoutLive").waitFor();
  const list = await over();
  check("the list fits on a phone", () => assert.ok(list <= 0, `${list} px too wide`));
  await accessible(page, "the list on a phone, in the dark");
  await row(page, "saved", "CheckoutLive").locator("a").click();
  await page.waitForSelector("#track");
  const player = await over();
  check("the player fits on a phone", () => assert.ok(player <= 0, `${player} px too wide`));
  await accessible(page, "the player on a phone, in the dark");
  await folded(page);
  await page.locator("#tab-details").click();
  await page.waitForSelector("#panel-details");
  await accessible(page, "the details on a phone, in the dark");
  await context.close();
}

// The page has most of a phone; what is beside it comes when it is asked for.
async function folded(page) {
  const height = () => page.locator("#frame").boundingBox().then(box => box.height);
  const beside = () => page.locator("#events").isVisible();
  const [most, hidden] = [await height(), !await beside()];
  check("on a phone the page has most of the screen", () => assert.ok(hidden && most > 0.6 * 740, `${most} px`));

  await page.locator("#track").click();
  await page.locator("#fold").click();
  const chosen = page.locator(".ev[aria-selected=true]");
  await chosen.waitFor();
  const inside = await chosen.evaluate(row => {
    const [own, list] = [row, row.closest("#events")].map(el => el.getBoundingClientRect());
    return own.top >= list.top && own.bottom <= list.bottom;
  });
  const part = await height();
  check("a button brings what is beside it, at the moment that shows", () => assert.ok(inside));
  check("and the page keeps its part", () => assert.ok(part > 0.3 * 740, `${part} px`));
  await accessible(page, "the events on a phone, in the dark");
  await page.locator("#fold").click();
  const again = await height();
  check("and takes it away", () => assert.equal(again, most));
  await page.locator("#tab-state").click();
  await page.locator("#panel-state").waitFor();
  check("as a tab brings it", () => assert.ok(true));
}

export async function list(browser, demo) {
  const complaints = [];
  const context = await browser.newContext({viewport: {width: 1280, height: 800}});
  const page = await context.newPage();
  listen(page, complaints);
  await page.goto(demo.dashboard);
  await row(page, "saved", "CheckoutLive").waitFor();
  await accessible(page, "the list");

  await live(context, page, demo, complaints);
  await filters(page, demo);
  await search(page, demo);
  await remove(page);
  await context.close();
  await narrow(browser, demo, complaints);
  check("the console says nothing at all", () => assert.deepEqual(complaints, []));
}
