// Loaded by ava before each test file. Property tests draw the same cases in every run, so that a failure belongs to a change;
// `UNSHIFT_PROPERTY_SEED=random npm test` draws new ones, and a number draws those of an earlier run.
import process from "node:process";
import fc from "fast-check";

const asked = process.env["UNSHIFT_PROPERTY_SEED"] ?? "20261122";
if (asked !== "random") {
  const seed = Number(asked);
  if (!Number.isInteger(seed))
    throw new Error(`UNSHIFT_PROPERTY_SEED is "${asked}"; it may be "random" or a whole number.`);
  fc.configureGlobal({ seed });
}
