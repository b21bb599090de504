// Takes the pictures of the README from the running demo: the player and the list, light and dark, wide
// and narrow. Run by bin/screenshots; they go to docs/images.
import {mkdirSync} from "node:fs";
import {fileURLToPath} from "node:url";
import {launch, startDemo} from "./demo.mjs";

const folder = fileURLToPath(new URL("../../docs/images", import.meta.url));
const sizes = {wide: {width: 1280, height: 800}, narrow: {width: 360, height: 740}};

// Somebody who is there while the pictures are taken.
async function visitor(browser, demo) {
  const page = await browser.newPage();
  await page.goto(`${demo.app}/counter`);
  await page.waitForSelector("[data-phx-main].phx-connected");
  for (let n = 0; n < 12; n++) { await page.locator("#add").click(); await page.waitForTimeout(80 * (n % 4)); }
}

async function picture(browser, demo, scheme, size) {
  const context = await browser.newContext({colorScheme: scheme, viewport: sizes[size], deviceScaleFactor: 1});
  const page = await context.newPage();

  await page.goto(demo.dashboard);
  const row = page.locator("tr", {hasText: /\/checkout(?!\?)/}).locator("a").first();
  await row.waitFor();
  await page.locator("#live-now tr").nth(1).waitFor();
  await page.mouse.move(5, 5);
  await page.screenshot({path: `${folder}/list-${scheme}-${size}.png`});

  await row.click();
  await page.frameLocator("#frame").locator("main").waitFor();
  const track = await page.locator("#track").boundingBox();
  await page.mouse.click(track.x + track.width * 0.62, track.y + track.height / 2);
  await page.waitForTimeout(700);
  await page.mouse.move(5, 5);
  await page.screenshot({path: `${folder}/player-${scheme}-${size}.png`});
  await context.close();
}

mkdirSync(folder, {recursive: true});
const demo = await startDemo();
const browser = await launch();
await visitor(browser, demo);
for (const scheme of ["light", "dark"])
  for (const size of ["wide", "narrow"]) await picture(browser, demo, scheme, size);
await browser.close();
await demo.stop();
console.log(`pictures in ${folder}`);
