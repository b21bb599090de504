// The dashboard in the hosts it has to live in: with no socket but polling, for viewers who may see less,
// behind a proxy that gives it another path, and with a page whose template fails.
import assert from "node:assert/strict";
import {accessible, check, eventually, listed, listen, violations, visit} from "./checks.mjs";
import {startDemo} from "./demo.mjs";
import {past} from "./past.mjs";
import {startProxy} from "./proxy.mjs";

const row = (page, text) => page.locator("#saved tr", {hasText: text}).first();

// Opens the first recording of a view in the list, and gives its frame once it is drawn.
async function open(page, text, drawn) {
  await row(page, text).locator("a").first().click();
  await page.waitForSelector("#track");
  const frame = page.frameLocator("#frame");
  await frame.locator(drawn).first().waitFor();
  return frame;
}

// Somebody for whom no web socket gets through: every connection is closed as it is made.
async function polling(browser, demo) {
  const context = await browser.newContext();
  const complaints = [];
  let sockets = 0;
  await context.routeWebSocket(/\/live\/websocket/, socket => { sockets += 1; socket.close(); });
  const page = await context.newPage();
  page.on("pageerror", error => complaints.push(error.message));
  await page.goto(demo.dashboard);
  const frame = await open(page, "CheckoutLive", "#checkout");
  const index = () => page.locator("#player").getAttribute("data-index").then(Number);
  await page.keyboard.press("End");
  const end = await eventually(index, value => value > 3);
  const name = await eventually(() => frame.locator("#order_name").inputValue(), value => value !== "");
  check("without web sockets, the dashboard and its frame poll", () => {
    assert.ok(sockets >= 2, `${sockets} sockets were tried`);
    assert.ok(end > 3, `${end}`);
    assert.equal(name, "Ada Quill");
    assert.deepEqual(complaints, []);
  });
  await context.close();
}

// What is refused looks like what is not there, at a second mount below a path with a parameter.
async function refusals(browser, demo) {
  const context = await browser.newContext();
  const complaints = [];
  const page = await context.newPage();
  listen(page, complaints);
  await page.goto(demo.dashboard);
  const refused = await row(page, "SafeLive").locator("a").first().getAttribute("href");
  const desk = `${demo.app}/desks/7/replay`;

  await page.goto(desk);
  await row(page, "CheckoutLive").waitFor();
  const seen = await page.locator("#saved, #live-now").allInnerTexts();
  check("a list holds nothing of what is refused, nor ways to do it", () =>
    assert.doesNotMatch(seen.join(), /SafeLive/));
  const buttons = await page.locator(".delete, .pin, header button:not(#theme)").count();
  check("what a viewer may not do is not offered", () => assert.equal(buttons, 0));
  await accessible(page, "a list with nothing to do");

  await page.goto(`${desk}?text=safe&inside=1`);
  await page.getByText(/^(Nothing found|\d+ hits?)/).waitFor();
  const hits = await page.locator(".hits").innerText();
  check("a search finds nothing in what is refused", () => assert.doesNotMatch(hits, /SafeLive/));

  await page.goto(desk);
  await open(page, "CheckoutLive", "#checkout");
  check("a dashboard mounted twice plays at its second place", () =>
    assert.match(page.url(), /\/desks\/7\/replay\/[\w-]+$/));
  const download = await page.locator("#download").count();
  check("a recording that may not be downloaded cannot be", () => assert.equal(download, 0));

  const id = refused.split("/").at(-1);
  const told = async address => {
    await page.goto(address);
    await page.getByText("There is no such recording").waitFor();
    return page.locator("main").innerText();
  };
  const one = await told(`${desk}/${id}`);
  const other = await told(`${desk}/nothing-like-it`);
  check("a recording that is refused looks like one that is not there", () => assert.equal(one, other));
  await page.goto(`${desk}/${id}/frame?player=x`);
  const framed = await eventually(() => page.locator("body").innerText(), text => /drawn by a player/.test(text));
  check("and its frame shows nothing of it", () => assert.doesNotMatch(framed, /Safe/));
  check("the console says nothing of it", () => assert.deepEqual(complaints, []));
  await context.close();
}

// A template that fails says so in place: what failed and on which line. The rest plays.
async function failing(browser, demo) {
  const context = await browser.newContext();
  const complaints = [];
  const page = await visit(context, `${demo.app}/safe`, complaints);
  await page.locator("#open").click();
  await page.getByText("47 and 11").waitFor();
  await page.locator("#close").click();
  await page.getByText("It is shut.").waitFor();

  await listed(page, demo.dashboard, "SafeLive");
  const frame = await open(page, "SafeLive", "#safe");
  await page.locator(".ev", {hasText: "@open"}).first().click();
  await frame.locator(".phoenix-replay-failure").waitFor();
  const said = await frame.locator(".phoenix-replay-failure").innerText();
  check("a template that fails says what failed and where", () => {
    assert.match(said, /ArithmeticError/);
    assert.match(said, /safe_live\.ex:\d+/);
    assert.match(said, /for want of @secret/);
  });
  await page.keyboard.press("End");
  const after = await eventually(() => frame.locator("#safe").innerText(), value => /shut/.test(value));
  check("and the rest of the session plays", () => assert.match(after, /It is shut/));
  check("a failure is no noise in the console", () => assert.deepEqual(complaints, []));
  await context.close();
}

// Behind a proxy the application has another path, for its pages and for its socket.
async function prefixed(browser) {
  const demo = await startDemo(["--past"], {DEMO_PATH: "/shop"});
  const proxy = await startProxy("/shop", demo.app);
  const context = await browser.newContext();
  const complaints = [];
  try {
    const page = await visit(context, `${proxy.address}/counter`, complaints);
    await page.locator("#add").click();
    await page.getByText("1", {exact: true}).first().waitFor();
    await listed(page, `${proxy.address}/replay`, "CounterLive");
    const frame = await open(page, "CounterLive", "#count");
    const at = new URL(page.url()).pathname;
    await page.keyboard.press("End");
    const count = await eventually(() => frame.locator("#count").innerText(), value => value === "1");
    check("behind a path of a proxy, the dashboard plays", () => {
      assert.match(at, /^\/shop\/replay\/[\w-]+$/);
      assert.equal(count, "1");
    });
    await page.locator("header a").first().click();
    await row(page, "CounterLive").waitFor();
    check("and leads back to its list", () => assert.equal(new URL(page.url()).pathname, "/shop/replay"));
    check("with nothing in the console", () => assert.deepEqual(complaints, []));
    await past(browser, `${proxy.address}/replay`);
  } finally {
    await context.close();
    proxy.stop();
    await demo.stop();
  }
}

// The page says which policy it obeys, and nothing on it asks for more.
async function policy(browser, demo) {
  const context = await browser.newContext();
  const page = await context.newPage();
  const broken = await violations(page);
  const answer = await page.goto(demo.dashboard);
  const header = answer.headers()["content-security-policy"];
  check("the host's policy lets nothing inline", () => {
    assert.match(header, /default-src 'none'/);
    assert.doesNotMatch(header, /unsafe/);
  });
  const frame = await open(page, "CheckoutLive", "#checkout");
  for (const tab of ["state", "details", "events"]) await page.locator(`#tab-${tab}`).click();
  await page.keyboard.press("?");
  await page.locator("#keys[open]").waitFor();
  const found = await broken();
  check("and nothing of the dashboard breaks it", () => assert.deepEqual(found, []));
  const request = () => fetch("/counter").then(() => "answered", () => "refused");
  const asked = await frame.locator("body").evaluate(request);
  check("no script in the frame can ask the application for anything", () => assert.equal(asked, "refused"));
  await context.close();
}

export async function hosts(browser, demo) {
  await policy(browser, demo);
  await failing(browser, demo);
  await refusals(browser, demo);
  await polling(browser, demo);
  await prefixed(browser);
}
