// The own test of the judge template, as whoever gets it runs it.
import "../templates/judge/test/plugin.test.js";
