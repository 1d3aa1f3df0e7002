import type { JudgingCost } from "@unshift/core";
import { print } from "../output/print.js";

/** What the judges of each engine have used so far, all sittings together. */
export function printJudgingCosts(costs: Readonly<Record<string, JudgingCost>>): void {
  for (const [engine, { requests, promptTokens, replyTokens, money }] of Object.entries(costs)) {
    const tokens = `${promptTokens.toLocaleString("en")} tokens read, ${replyTokens.toLocaleString("en")} written`;
    // A request may cost a ten-thousandth: as many decimals as it takes to show that it is not nothing.
    const price =
      money === null ? "" : `, ${money > 0 && money < 0.01 ? money.toPrecision(2) : money.toFixed(2)} spent`;
    print(
      `judge engine ${engine}: ${requests.toLocaleString("en")} requests, ${tokens}${price}, all sittings together`,
    );
  }
}
