import type { VNode } from "preact";
import { TableFold } from "../components/data-table.js";
import { Interval } from "../components/interval.js";
import { ScrollBox } from "../components/scroll-box.js";
import type { TableView } from "../data/table-view.js";
import { useReport } from "../state/report-context.js";
import { count, percent, percentRange, real, realRange } from "../text/format.js";
import { JudgeName } from "./judge-name.js";

/** How far the judges can be relied on: what they say when asked again, and how far two of them agree. */
export function JudgeTrust(): VNode | null {
  const { data } = useReport();
  const consistency = data.table("judge_consistency");
  const agreement = data.table("judge_agreement");
  if (consistency === null && agreement === null) return null;
  return (
    <div class={consistency === null || agreement === null ? "" : "two"}>
      {consistency === null ? null : (
        <section aria-labelledby="consistency">
          <h2 id="consistency">Asked again</h2>
          <Figures
            view={consistency}
            names={["judge"]}
            share={{ column: "identical", title: "The same" }}
            label="Judges asked again"
          />
        </section>
      )}
      {agreement === null ? null : (
        <section aria-labelledby="agreement">
          <h2 id="agreement">Agreement between judges</h2>
          <Figures
            view={agreement}
            names={["first_judge", "second_judge"]}
            share={{ column: "agreement", title: "Agree" }}
            label="Agreement between judges"
          />
        </section>
      )}
    </div>
  );
}

interface FiguresProps {
  readonly view: TableView;
  /** Columns that name judges. */
  readonly names: readonly string[];
  readonly share: { readonly column: string; readonly title: string };
  readonly label: string;
}

function Figures({ view, names, share, label }: FiguresProps): VNode {
  const { data } = useReport();
  const judge = (id: string): VNode => {
    const head = data.summary.judges.find((candidate) => candidate.id === id);
    return head === undefined ? <bdi>{id}</bdi> : <JudgeName judge={head} />;
  };
  const withKappa = view.rows.some((row) => row.number("kappa") !== null);
  return (
    <>
      <ScrollBox class="table-scroll" label={label}>
        <table class="data">
          <thead>
            <tr>
              <th scope="col">{names.length === 1 ? "Judge" : "Judges"}</th>
              <th scope="col">Aspect</th>
              <th scope="col" class="number">
                n
              </th>
              <th scope="col" class="number">
                {share.title}
              </th>
              {withKappa ? (
                <th scope="col" class="number" title="Cohen’s kappa; quadratic weights for scores">
                  κ
                </th>
              ) : null}
              <th scope="col" class="number" title="Krippendorff’s alpha">
                α
              </th>
            </tr>
          </thead>
          <tbody>
            {view.rows.map((row) => (
              <tr>
                <th scope="row">
                  {names.map((name) => (
                    <span class="line">{judge(row.text(name))}</span>
                  ))}
                </th>
                <td>{row.text("aspect")}</td>
                <td class="number">{count(row.number("n"))}</td>
                <td class="number">
                  {percent(row.number(share.column))}
                  <Interval estimate={row.estimate(share.column)} text={percentRange} />
                </td>
                {withKappa ? (
                  <td class="number">
                    {real(row.number("kappa"))}
                    <Interval estimate={row.estimate("kappa")} text={realRange} />
                  </td>
                ) : null}
                <td class="number">
                  {real(row.number("alpha"))}
                  <Interval estimate={row.estimate("alpha")} text={realRange} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
      <TableFold view={view} label="All columns" />
    </>
  );
}
