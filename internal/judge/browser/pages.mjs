// Opens one documentation page in Chromium and reports, as JSON on the standard output, what it showed and everything that
// went wrong: {"errors": [...], "requests": [...], "title": "...", "seen": {...}}. The tests in this module decide.
//
//	node pages.mjs CHROMIUM URL SCREENSHOT STEPS
//
// STEPS is a JSON list of what to do, in order:
//	{"see": "text"}                          wait until the text is visible; fail if it does not come
//	{"click": "selector"}                    click on the first match
//	{"fill": "selector", "with": "text"}     type into a field
//	{"press": "key"}                         press a key, such as Control+k
//	{"read": "selector", "as": "name"}       wait for the first match and keep its text under seen.name
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const [executablePath, url, screenshot, steps] = process.argv.slice(2);
const timeout = 60_000;
const report = { errors: [], requests: [], title: "", seen: {} };

const profile = await mkdtemp(join(tmpdir(), "tenon-browser-"));
const context = await chromium.launchPersistentContext(profile, {
	executablePath,
	headless: true,
	viewport: { width: 1400, height: 1000 },
	args: [
		"--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
	],
});
try {
	const page = context.pages()[0] ?? await context.newPage();
	page.setDefaultTimeout(timeout);
	page.on("console", (m) => {
		if (m.type() === "error" || m.type() === "warning") report.errors.push(`console ${m.type()}: ${m.text()}`);
	});
	page.on("pageerror", (e) => report.errors.push(`page error: ${e.message}`));
	context.on("request", (r) => report.requests.push(r.url()));
	page.on("requestfailed", (r) => report.errors.push(`failed: ${r.url()}: ${r.failure()?.errorText}`));
	page.on("worker", (w) => report.requests.push(w.url()));
	await page.addInitScript(() => {
		document.addEventListener("securitypolicyviolation", (e) => {
			console.error(`policy: ${e.effectiveDirective} blocked ${e.blockedURI} at ${e.sourceFile}:${e.lineNumber}:${e.columnNumber}`);
		});
	});
	await page.goto(url, { waitUntil: "networkidle" });
	for (const step of JSON.parse(steps)) {
		if (step.see) await page.getByText(step.see).locator("visible=true").first().waitFor();
		if (step.click) await page.locator(step.click).first().click();
		if (step.fill) await page.locator(step.fill).first().fill(step.with);
		if (step.press) await page.keyboard.press(step.press);
		if (step.read) report.seen[step.as] = await page.locator(step.read).first().innerText();
	}
	report.title = await page.title();
	await page.waitForLoadState("networkidle");
	await page.screenshot({ path: screenshot });
} catch (e) {
	report.errors.push(`driver: ${e.message}`);
	await context.pages()[0]?.screenshot({ path: screenshot }).catch(() => {});
} finally {
	await context.close();
	await rm(profile, { recursive: true, force: true });
}
process.stdout.write(JSON.stringify(report));
