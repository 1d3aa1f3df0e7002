/** What building the addon needs of the machine, and how each part is installed: `node native/scripts/prerequisites.mjs`. */
import { spawnSync } from "node:child_process";
import process from "node:process";
import { pathToFileURL } from "node:url";

const TOOLS = [
  {
    name: "a C++17 compiler",
    // Visual Studio's compiler is found by CMake, not through PATH.
    commands: process.platform === "win32" ? [] : [process.env["CXX"] || "c++", "g++", "clang++"],
    install: {
      "Debian/Ubuntu": "sudo apt install build-essential",
      Fedora: "sudo dnf install gcc-c++ make",
      macOS: "xcode-select --install",
      Windows: "winget install Microsoft.VisualStudio.2022.BuildTools",
    },
  },
  {
    name: "CMake 3.20 or newer",
    commands: ["cmake"],
    install: {
      "Debian/Ubuntu": "sudo apt install cmake",
      Fedora: "sudo dnf install cmake",
      macOS: "brew install cmake",
      Windows: "winget install Kitware.CMake",
    },
  },
  {
    name: "git",
    commands: ["git"],
    install: {
      "Debian/Ubuntu": "sudo apt install git",
      Fedora: "sudo dnf install git",
      macOS: "xcode-select --install",
      Windows: "winget install Git.Git",
    },
  },
];

/** Whether a command exists. @param {string} command */
export function runs(command) {
  return !spawnSync(command, ["--version"], { stdio: "ignore", windowsHide: true }).error;
}

/** Throws an Error that names every missing tool with the commands that install it. */
export function requireBuildTools() {
  const missing = TOOLS.filter((tool) => tool.commands.length > 0 && !tool.commands.some(runs));
  if (missing.length === 0) return;
  const lines = ["Building the native addon needs tools that this machine lacks:"];
  for (const tool of missing) {
    lines.push(`  ${tool.name}`);
    for (const [system, command] of Object.entries(tool.install))
      lines.push(`    ${`${system}:`.padEnd(15)} ${command}`);
  }
  throw new Error(lines.join("\n"));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  try {
    requireBuildTools();
    console.log("All build tools are here.");
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 3;
  }
}
