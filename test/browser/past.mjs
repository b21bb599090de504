// The days before: more recordings than a page of the list holds, people who came again, and what went wrong.
// All by the buttons and keys that are there for it.
import assert from "node:assert/strict";
import {accessible, check, eventually, listen} from "./checks.mjs";

const rows = page => page.locator("#saved tr:not(.group)");
const pager = (page, text) => eventually(() => page.locator(".pager").innerText(), said => said.includes(text));

async function pages(page, dashboard) {
  await page.goto(dashboard);
  await rows(page).first().waitFor();
  const first = await pager(page, "1–50 of ");
  check("a list says which part of it is shown", () => assert.match(first, /1–50 of 6\d/));
  const newest = await rows(page).first().getAttribute("id");
  const held = await rows(page).count();
  check("a page holds fifty", () => assert.equal(held, 50));

  await page.getByRole("link", {name: "Older"}).click();
  const second = await pager(page, "51–");
  check("a button leads to older ones", () => assert.match(second, /51–6\d of 6\d/));
  await accessible(page, "the last page of a list");
  await page.reload();
  await rows(page).first().waitFor();
  const there = await rows(page).count();
  check("its address is a link to that page", () => assert.ok(there < 50, `${there}`));

  await page.getByRole("link", {name: "Newest"}).click();
  await pager(page, "1–50 of ");
  const again = await rows(page).first().getAttribute("id");
  check("and one leads back", () => assert.equal(again, newest));
  await page.goBack();
  const back = await pager(page, "← Newest");
  check("as does the browser's own", () => assert.match(back, /Newest/));
}

async function wrong(page, dashboard) {
  await page.goto(dashboard);
  await rows(page).first().waitFor();
  await page.locator("input[name=errors]").check();
  await page.waitForURL(/errors=1/);
  const shown = await eventually(() => rows(page).count(), count => count < 50);
  const badges = await page.locator("#saved .badge.error").allInnerTexts();
  check("what went wrong is found by a switch, and says how often", () => {
    assert.equal(shown, 15);
    assert.deepEqual(badges, Array(15).fill("2"));
  });
  await accessible(page, "a list of what went wrong");
  await rows(page).first().locator("a").click();
  await page.waitForSelector("#track");
  await page.frameLocator("#frame").locator("#counts").waitFor();
}

const index = page => page.locator("#player").getAttribute("data-index").then(Number);
const reaches = (page, wanted) => eventually(() => index(page), now => now === wanted, 5_000);

// Each step is a press and where it leads: errors are the events 4 and 9, pages are there at 0, 6 and 11.
async function led(page, what, steps) {
  const wanted = steps.map(([, at]) => at);
  const seen = [];
  for (const [press, at] of steps) {
    await press();
    seen.push(await reaches(page, at));
  }
  check(what, () => assert.deepEqual(seen, wanted));
}

async function errors(page) {
  const button = name => () => page.locator(name).click();
  const key = name => () => page.keyboard.press(name);
  const label = await page.locator("#next-error").innerText();
  check("the player says how many errors there are", () => assert.match(label, /2 errors/));
  await led(page, "buttons lead from error to error, and around", [
    [button("#next-error"), 4], [button("#next-error"), 9], [button("#next-error"), 4],
    [button("#previous-error"), 9], [button("#previous-error"), 4],
  ]);
  const said = await page.locator("section.state").innerText();
  check("what went wrong is said in full", () => assert.match(said, /The label printer does not answer/));
  const marks = await page.locator(".marks rect.error").count();
  check("errors are marked on the scrubber", () => assert.equal(marks, 2));
  await accessible(page, "the player at an error");
  await led(page, "e and E lead from error to error", [
    [key("Home"), 0], [key("e"), 4], [key("e"), 9], [key("e"), 9], [key("E"), 4], [key("E"), 4],
  ]);

  const state = () => page.frameLocator("#frame").locator(".states a[aria-current]").innerText();
  await led(page, "buttons lead from page to page", [
    [key("End"), 11], [button("#previous-page"), 6], [button("#next-page"), 11], [button("#previous-page"), 6],
  ]);
  const [url, there] = [await page.locator("#url").innerText(), await eventually(state, text => text === "Open")];
  check("and the address is that of the page", () => assert.match(url, /\/tasks\?state=open$/));
  check("which is what the frame shows", () => assert.equal(there, "Open"));
  await led(page, "n and N lead from page to page", [[key("n"), 11], [key("N"), 6], [key("N"), 0]]);
  await led(page, "buttons lead from event to event", [[button("#next"), 1], [button("#previous"), 0]]);
  await led(page, "arrows do, and shift leaps", [[key("ArrowRight"), 1], [key("Shift+ArrowRight"), 4], [key("n"), 6]]);
  const open = await eventually(state, text => text === "Open");
  check("the frame goes along", () => assert.equal(open, "Open"));

  // What is pressed in the frame does nothing there; keys are the player's.
  const frame = page.frameLocator("#frame");
  const address = () => frame.locator("body").evaluate(() => location.href);
  const before = await address();
  await frame.getByRole("link", {name: "Done"}).click({force: true});
  await frame.getByRole("link", {name: "Checkout"}).click({force: true});
  await page.waitForTimeout(300);
  const [after, still] = [await address(), await state()];
  check("no link of a replayed page leads anywhere", () => assert.deepEqual([after, still], [before, "Open"]));
  await led(page, "keys pressed in the frame are the player's", [
    [key("Home"), 0], [key("n"), 6], [key("ArrowRight"), 7],
  ]);

  const speed = () => page.locator("[data-speed][aria-pressed=true]").getAttribute("data-speed");
  await page.keyboard.press("]");
  const faster = await eventually(speed, value => value === "2");
  await page.keyboard.press("[");
  await page.keyboard.press("[");
  const slower = await eventually(speed, value => value === "0.5");
  check("[ and ] change the speed", () => assert.deepEqual([faster, slower], ["2", "0.5"]));
}

// Rests are passed over: of one of 2.4 seconds only its ends are played.
async function rests(page) {
  await page.selectOption("#rests", "1000");
  await page.keyboard.press("Home");
  await reaches(page, 0);
  await page.evaluate(() => {
    window.played = [];
    new MutationObserver(() => window.played.push(document.querySelector("#time").textContent))
      .observe(document.querySelector("#time"), {childList: true, characterData: true, subtree: true});
  });
  await page.locator("#play").click();
  await reaches(page, 2);
  await page.locator("#play").click();
  const seconds = (await page.evaluate(() => window.played)).map(text => Number(text.replace(/^0:/, "")));
  check("a rest that is skipped is not played", () => {
    assert.ok(seconds.some(at => at > 2.05), seconds.join(" "));
    assert.deepEqual(seconds.filter(at => at > 0.6 && at < 2.05), []);
  });
  await page.selectOption("#rests", "");
}

// Who came before and after.
async function person(page) {
  const name = () => page.locator("nav[aria-label='Sessions of the same person']").innerText();
  const who = await eventually(name, said => /user 9\d\d/.test(said));
  const here = page.url().replace(/\?.*/, "");
  await page.getByRole("link", {name: "Session before"}).click();
  await page.waitForURL(url => !url.href.startsWith(here));
  const same = await eventually(() => name().catch(() => ""), said => /user 9\d\d/.test(said));
  check("the session before is one of the same person", () => assert.equal(same.trim(), who.trim()));
  await page.getByRole("link", {name: "Session after"}).click();
  await page.waitForURL(url => url.href.startsWith(here));
  check("and the one after it is where it began", () => assert.ok(true));
  return who.match(/\d+/)[0];
}

// By the keyboard alone: who answers a question goes on from where it was asked.
async function answered(page, dashboard) {
  await page.goto(dashboard);
  await rows(page).first().waitFor();
  const ids = await rows(page).evaluateAll(all => all.slice(0, 2).map(row => row.id));
  const at = () => page.evaluate(() => document.activeElement.closest("tr")?.id);
  const answer = async key => {
    await page.keyboard.press("Enter");
    await page.locator("dialog[open]").waitFor();
    if (key === "Enter") await page.keyboard.press("Tab");
    await page.keyboard.press(key);
    await page.locator("dialog").waitFor({state: "detached"});
  };
  await page.locator("#saved .delete").first().focus();
  await answer("Escape");
  const kept = await at();
  await answer("Enter");
  await page.locator(`#${ids[0]}`).waitFor({state: "detached"});
  const gone = await at();
  check("an answered question gives the focus back", () => assert.deepEqual([kept, gone], ids));
}

async function erase(page, dashboard, user) {
  await page.goto(dashboard);
  await rows(page).first().waitFor();
  await page.getByRole("button", {name: "More"}).click();
  await page.locator("#filter-fact").fill(`user_id:${user}`);
  const found = await eventually(() => rows(page).count(), count => count === 5);
  check("a person is found by a fact of the metadata", () => assert.equal(found, 5));
  await page.getByRole("button", {name: "Delete all that match"}).click();
  const asked = await page.locator("dialog[open]").innerText();
  check("it is asked before all that match are deleted, and how many", () => assert.match(asked, /\(5\)/));
  await accessible(page, "the question before all that match are deleted");
  await page.locator("dialog button.danger").click();
  await page.getByText("No recording matches").waitFor();
  await accessible(page, "a list in which nothing matches");
  await page.getByRole("link", {name: "Clear filters"}).first().click();
  const left = await pager(page, "1–50 of 5");
  check("and all others are left", () => assert.match(left, /of 5\d/));

  await page.getByRole("button", {name: "Clear all"}).click();
  await page.locator("dialog[open]").waitFor();
  await page.goBack();
  const other = await eventually(() => page.locator("dialog").innerText(), text => /Delete all that match/.test(text));
  const shown = await page.locator("dialog").isVisible();
  check("a question stays open when what it says changes", () => assert.ok(shown, other));
  await page.goForward();
  await eventually(() => page.locator("dialog").innerText(), text => /Clear all/.test(text));
  await page.locator("dialog button.danger").click();
  await page.getByText("No recordings yet").waitFor({timeout: 20_000});
  await accessible(page, "a list without recordings");
}

// In the dark and on a phone's screen, where the rest of the walk was not.
async function narrow(browser, dashboard) {
  const context = await browser.newContext({viewport: {width: 360, height: 740}, colorScheme: "dark"});
  const page = await context.newPage();
  await page.goto(`${dashboard}?errors=1`);
  await rows(page).first().waitFor();
  await page.getByRole("button", {name: "More"}).click();
  await accessible(page, "all filters on a phone, in the dark");
  await page.locator("#saved .delete").first().click();
  await page.locator("dialog[open]").waitFor();
  await accessible(page, "a question on a phone, in the dark");
  await page.keyboard.press("Escape");
  await rows(page).first().locator("a").click();
  await page.waitForSelector("#track");
  await page.locator("#next-error").click();
  const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  check("the buttons between errors and pages fit on a phone", () => assert.ok(over <= 0, `${over} px`));
  await accessible(page, "an error on a phone, in the dark");
  await page.locator("#tab-state").click();
  await page.keyboard.press("ArrowLeft");
  await page.getByRole("treeitem", {name: /^tasks/}).click();
  await page.locator("#last-change").waitFor();
  await page.locator(".sides").waitFor();
  await accessible(page, "what a value was and is, in the dark");
  await page.locator("#state-find").fill("orchids");
  await page.locator("button.line").first().waitFor();
  await accessible(page, "what is found in a state, in the dark");
  await page.locator("#track").focus();
  await page.keyboard.press("?");
  await page.locator("#keys[open]").waitFor();
  await accessible(page, "the list of keys, in the dark");
  await page.keyboard.press("Escape");
  await page.goto(`${dashboard}/nothing-like-it`);
  await page.getByText("There is no such recording").waitFor();
  await accessible(page, "what is not there on a phone, in the dark");
  await context.close();
}

export async function past(browser, dashboard) {
  const complaints = [];
  const context = await browser.newContext({viewport: {width: 1280, height: 800}});
  const page = await context.newPage();
  listen(page, complaints);
  await pages(page, dashboard);
  await wrong(page, dashboard);
  await errors(page);
  await rests(page);
  const user = await person(page);
  await narrow(browser, dashboard);
  // None of them is of that user.
  await answered(page, `${dashboard}?fact=plan:trade`);
  await erase(page, dashboard, user);
  check("nothing of it is in the console", () => assert.deepEqual(complaints, []));
  await context.close();
}
