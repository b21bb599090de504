// How long until a browser has painted: from asking for the player to the first frame on the screen, and
// from a click on the scrubber to the moment it leads to, in the frame and then in all that is beside it. Run
// by `mix bench`, as
//
//     node bench/painted.mjs ADDRESS OPENS SEEKS
//
// It prints one line of JSON, all in milliseconds: {"open": [...], "seek": [...], "beside": [...]}.
import {launch} from "../test/browser/demo.mjs";

const [address, opens, seeks] = process.argv.slice(2);
const most = 30_000;

// In the player's page: `painted` is told the time at which what was drawn last in it or in its frame is on the
// screen. Both are painted at once, and a message that is posted in an animation frame comes after its paint.
// The frame counts from when the recorded page is in it. It is watched from outside: what runs in it at first
// runs in the empty document that comes before.
function watch() {
  if (window !== top) return;
  const soon = told => requestAnimationFrame(() => {
    const {port1, port2} = new MessageChannel();
    port1.onmessage = () => told(performance.timeOrigin + performance.now());
    port2.postMessage(null);
  });
  const observe = (node, told) => {
    let due = false;
    const changed = () => {
      if (due) return;
      due = true;
      soon(at => { due = false; told(at); });
    };
    new MutationObserver(changed).observe(node, {subtree: true, childList: true, characterData: true, attributes: true});
    return changed;
  };
  const framed = () => document.getElementById("frame")?.contentDocument;
  const look = () => {
    if (framed()?.querySelector("table tr")) observe(framed(), at => window.painted("frame", at))();
    else requestAnimationFrame(look);
  };
  look();
  observe(document, at => window.painted("player", at, document.getElementById("player")?.dataset.index));
  addEventListener("pointerdown", () => window.pressed?.(performance.timeOrigin + performance.now()), true);
}

const browser = await launch();
const context = await browser.newContext({viewport: {width: 1280, height: 800}});
let pressed, drawn, moved, index;
await context.exposeBinding("pressed", (_source, at) => { pressed = at; });
// Of the player only when it shows another event.
await context.exposeBinding("painted", (_source, where, at, shown) => {
  if (where === "frame") { drawn?.(at); return; }
  if (shown !== index) moved?.(at);
  index = shown;
});
await context.addInitScript(watch);

const when = set => new Promise((resolve, reject) => {
  const late = setTimeout(() => reject(new Error("nothing was painted")), most);
  set(at => { clearTimeout(late); set(undefined); resolve(at); });
});
const painted = () => when(told => { drawn = told; });
const followed = () => when(told => { moved = told; });

const open = [];
let page;
for (let n = 0; n < opens; n++) {
  await page?.close();
  page = await context.newPage();
  const shown = painted();
  const began = Date.now();
  await page.goto(address);
  open.push(await shown - began);
  await page.waitForTimeout(500);
}

// Always another event than the one before.
const seek = [];
const beside = [];
const track = await page.locator("#track").boundingBox();
for (let n = 1; n <= seeks; n++) {
  const shown = painted();
  const all = followed();
  await page.mouse.click(track.x + 4 + ((n * 7919) % Math.floor(track.width - 8)), track.y + track.height / 2);
  seek.push(await shown - pressed);
  beside.push(await all - pressed);
  // What else the click led to is done before the next.
  await page.waitForTimeout(30);
}

await browser.close();
console.log(JSON.stringify({open, seek, beside}));
