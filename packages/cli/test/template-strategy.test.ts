// The own test of the strategy template, as whoever gets it runs it.
import "../templates/strategy/test/plugin.test.js";
