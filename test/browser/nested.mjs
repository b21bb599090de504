// A page of which only the LiveView within it was used: all that changed is between two events of the page,
// or after its last one.
import assert from "node:assert/strict";
import {check, eventually, listed, listen, visit} from "./checks.mjs";

export async function nested(browser, demo) {
  const complaints = [];
  const context = await browser.newContext();
  const tab = await visit(context, `${demo.app}/notes`, complaints);
  for (const degrees of [19, 20, 21]) {
    await tab.waitForTimeout(400);
    await tab.locator("#thermometer button").click();
    await tab.getByText(`${degrees} degrees`).waitFor();
  }
  await tab.close();

  const page = await context.newPage();
  listen(page, complaints);
  // Its page is kept though it had no event of its own.
  const row = await listed(page, demo.dashboard, "NotesLive");
  await row.locator("a").first().click();
  await page.waitForSelector("#track");
  const text = () => page.frameLocator("#frame").locator("#thermometer").innerText();
  const shows = degrees => eventually(text, now => now.includes(`${degrees} degrees`));

  const first = await shows(18);
  check("what is nested begins as it began", () => assert.match(first, /18 degrees/));
  const seen = new Set();
  await page.locator("#play").click();
  const last = await eventually(async () => {
    const now = await text();
    seen.add(now);
    return now;
  }, now => now.includes("21 degrees"));
  check("played, it changes between the events of the page and after them", () => {
    assert.match(last, /21 degrees/);
    // A busy machine may not be looked at in time for each of them.
    assert.ok(seen.size > 2, [...seen].join());
  });

  await page.locator("#tab-details").click();
  await page.locator("#nested a").click();
  await page.locator("#player[data-size]").waitFor();
  await page.locator("#tab-details").click();
  const around = await eventually(
    () => page.locator("#nested-in").innerText(), said => said.includes("#thermometer"));
  check("the details lead to it, and it says where it was", () => assert.match(around, /Nested in/));
  check("the browser's console has no errors at what is nested", () => assert.deepEqual(complaints, []));
  await context.close();
}
