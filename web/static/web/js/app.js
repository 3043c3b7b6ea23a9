// Every page loads this; each module does one thing.
import "./clocks.js";
