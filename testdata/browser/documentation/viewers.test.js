// Overlaid documents in the viewers of API documentation, in a real Chromium. TestViewers of generator/report/overlay writes the
// documents and runs this file; DOCUMENTS is their folder, CHROMIUM the browser. SCREENSHOTS is a folder for pictures, if there is one.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { chromium } from "playwright-core";

const { DOCUMENTS, CHROMIUM, SCREENSHOTS } = process.env;
const installed = path => readFileSync(createRequire(import.meta.url).resolve(path), "utf8");
const written = name => readFileSync(`${DOCUMENTS}/${name}`, "utf8");

let browser;
before(async () => { browser = await chromium.launch({ executablePath: CHROMIUM }); });
after(() => browser?.close());

const viewers = {
  redoc: { script: () => installed("redoc/bundles/redoc.standalone.js"), init: "Redoc.init(api, {}, document.querySelector('#app'))" },
  scalar: { script: () => installed("@scalar/api-reference/browser/standalone.js"), init: "Scalar.createApiReference('#app', {content: api})" },
  swagger: {
    script: () => written("plugin.js") + ";" + installed("swagger-ui-dist/swagger-ui-bundle.js"), style: () => installed("swagger-ui-dist/swagger-ui.css"),
    init: "SwaggerUIBundle({spec: api, dom_id: '#app', plugins: [OapiGuardBadges], docExpansion: 'full'})",
  },
};

// open shows a document. Nothing but an empty page comes from the network, which these viewers ask for fonts and logos.
async function open(viewer, document, change = () => {}) {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } }), wrong = [];
  page.on("dialog", dialog => { wrong.push("dialog"); dialog.dismiss(); });
  page.on("pageerror", error => wrong.push(`error: ${error}`));
  page.on("request", request => { if (request.url().includes("evil")) wrong.push(request.url()); });
  await page.route("**/*", route => new URL(route.request().url()).host === "docs.test"
    ? route.fulfill({ contentType: "text/html", body: "<!doctype html><meta charset=utf-8><div id=app></div>" }) : route.abort());
  await page.goto("https://docs.test/");
  const { script, style, init } = viewers[viewer];
  if (style) await page.addStyleTag({ content: style() });
  await page.addScriptTag({ content: script() });
  const api = JSON.parse(written(document + ".json"));
  change(api);
  await page.evaluate(([api, init]) => new Function("api", init)(api), [api, init]);
  return { page, wrong };
}

const badges = {
  redoc: page => page.locator("h2 span[type]"),
  scalar: page => page.locator(".badge"),
  swagger: page => page.locator(".oapi-guard-badge"),
};

for (const viewer of Object.keys(viewers)) {
  test(`${viewer} shows badges and access rules`, async () => {
    const { page, wrong } = await open(viewer, "orders");
    for (const name of ["public", "role: support or auditor", "scope: orders:write", "ownership: ownsOrder", "beta"]) {
      await page.getByText(name, { exact: true }).first().waitFor({ state: "attached" });
    }
    for (const words of ["The caller needs the role", "public, without credentials.", "get the 404 of one that does not exist."]) {
      await page.getByText(words).first().waitFor({ state: "attached" });
    }
    if (SCREENSHOTS) await page.screenshot({ path: `${SCREENSHOTS}/${viewer}.png`, fullPage: true });
    assert.deepEqual(wrong, []);
    await page.close();
  });

  test(`${viewer} shows hostile names as text`, async () => {
    const { page, wrong } = await open(viewer, "hostile");
    await page.getByText("role: <img/src=x/onerror=alert(1)>", { exact: true }).first().waitFor({ state: "attached" });
    await page.getByText("<svg/onload=alert(2)>").first().waitFor({ state: "attached" });
    await page.waitForTimeout(500);
    assert.equal(await page.locator("[onerror], [onload], a[href^='javascript:' i]").count(), 0);
    assert.deepEqual(wrong, []);
    await page.close();
  });
}

// contrast is that of a text with what is behind it (WCAG 2.2, relative luminance).
function contrast(element) {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const luminance = color => {
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map(v => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const style = getComputedStyle(element), [a, b] = [luminance(style.color), luminance(style.backgroundColor)].sort((a, b) => b - a);
  return (a + 0.05) / (b + 0.05);
}

for (const [viewer, least] of [["swagger", 4.5], ["redoc", 4.5], ["scalar", 4]]) { // Scalar's own grey on grey has 4.2
  test(`${viewer} shows readable badges`, async () => {
    const { page } = await open(viewer, "orders");
    const all = badges[viewer](page);
    await all.first().waitFor();
    const found = await all.evaluateAll((elements, contrast) => elements.filter(e => /^(public|role|scope|ownership|authenticated)/.test(e.textContent)).map(e => [e.textContent, new Function("return " + contrast)()(e)]), contrast.toString());
    assert.ok(found.length >= 5, `${found.length} badges`);
    for (const [name, ratio] of found) assert.ok(ratio >= least, `${name}: ${ratio}`);
    await page.close();
  });
}

test("the plugin takes no colour that is more than one", async () => {
  const foreign = [{ name: "foreign 1", color: "url(https://evil.test/x.png)" }, { name: "foreign 2", color: "red" }, { name: ["foreign 3"] }, 7, null];
  const { page, wrong } = await open("swagger", "hostile", api => { api.paths["/a"].get["x-badges"].push(...foreign); });
  const all = badges.swagger(page);
  await all.first().waitFor();
  assert.equal(await all.evaluateAll(elements => elements.filter(e => /url|evil/.test(e.getAttribute("style"))).length), 0);
  assert.deepEqual(await all.evaluateAll(elements => elements.filter(e => e.textContent.startsWith("foreign")).map(e => e.style.backgroundColor)), ["rgb(71, 85, 105)", "red"]);
  assert.deepEqual(wrong, []);
  await page.close();
});
