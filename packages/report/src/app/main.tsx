import { render } from "preact";
import { App } from "./app.js";
import { ReportData } from "./data/report-data.js";

const root = document.getElementById("app");
if (root !== null) {
  ReportData.load().then(
    (data) => render(<App data={data} />, root),
    (error: unknown) =>
      render(
        <p
          class="fatal"
          role="alert"
        >{`This report could not be opened. ${error instanceof Error ? error.message : String(error)}`}</p>,
        root,
      ),
  );
}
