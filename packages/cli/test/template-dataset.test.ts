// The own test of the dataset template, as whoever gets it runs it.
import "../templates/dataset/test/plugin.test.js";
