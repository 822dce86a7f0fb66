namespace StashAI.Server.Demo;

/// <summary>The report's style sheet; one file must show everything without a network.</summary>
internal static class ReportStyle
{
    public const string Css = """
        :root {
          color-scheme: light dark;
          --page: #f6f7f9; --card: #ffffff; --ink: #16191f; --soft: #5d6675; --line: #e2e6ec;
          --known: #0a7d4b; --known-soft: #e3f5ec; --bad: #b3261e; --bad-soft: #fdeceb; --accent: #3557d6;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --page: #0f1217; --card: #181c23; --ink: #e9ecf1; --soft: #98a2b3; --line: #2a303a;
            --known: #46d692; --known-soft: #14301f; --bad: #ff8a80; --bad-soft: #3a1c1b; --accent: #8ea8ff;
          }
        }
        * { box-sizing: border-box; }
        body {
          margin: 0; background: var(--page); color: var(--ink);
          font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
        }
        main { max-width: 1240px; margin: 0 auto; padding: 40px 24px 56px; }
        h1 { font-size: 30px; line-height: 1.2; letter-spacing: -.02em; margin: 0; }
        h2 { font-size: 18px; letter-spacing: -.01em; margin: 44px 0 14px; }
        .kicker { color: var(--accent); font-weight: 600; font-size: 14px; margin: 0 0 6px; }
        .lead { color: var(--soft); margin: 10px 0 0; max-width: 76ch; }
        .figures { display: flex; flex-wrap: wrap; gap: 12px; margin: 26px 0 0; padding: 0; list-style: none; }
        .figures li { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 12px 18px; min-width: 118px; }
        .figures b { display: block; font-size: 26px; line-height: 1.2; letter-spacing: -.02em; font-variant-numeric: tabular-nums; }
        .figures span { color: var(--soft); font-size: 14px; }
        .figures .bad b { color: var(--bad); }
        .people { display: flex; flex-wrap: wrap; gap: 14px; }
        .person { display: flex; align-items: center; gap: 14px; background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 10px 20px 10px 10px; }
        .person img { width: 68px; height: 68px; border-radius: 8px; object-fit: cover; display: block; }
        .person b { display: block; }
        .person span { color: var(--soft); font-size: 14px; }
        .person .seen { color: var(--known); }
        .photos { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 380px), 1fr)); gap: 20px; align-items: start; }
        figure { margin: 0; background: var(--card); border: 1px solid var(--line); border-radius: 14px; overflow: hidden; }
        figure.known { border-color: var(--known); }
        figure svg { display: block; width: 100%; height: auto; background: #000; }
        figcaption { padding: 12px 16px 14px; display: flex; flex-wrap: wrap; gap: 2px 12px; justify-content: space-between; }
        figcaption b { overflow-wrap: anywhere; }
        figcaption span { color: var(--soft); font-size: 14px; font-variant-numeric: tabular-nums; }
        figcaption .who { flex-basis: 100%; font-size: 15px; }
        figcaption .who strong { color: var(--known); }
        figcaption .error { flex-basis: 100%; color: var(--bad); font-size: 15px; overflow-wrap: anywhere; }
        .box { fill: none; stroke: #fff; stroke-opacity: .8; }
        .box-shade { fill: none; stroke: #000; stroke-opacity: .35; }
        .box-known { stroke: #2fd98b; stroke-opacity: 1; }
        .tag { fill: #0b6b41; }
        .tag-text { fill: #fff; font-weight: 600; font-family: system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif; }
        .scroll { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: 12px; }
        table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
        th, td { text-align: left; padding: 10px 16px; border-top: 1px solid var(--line); vertical-align: top; }
        thead th { border-top: 0; color: var(--soft); font-weight: 500; font-size: 14px; }
        td.number, th.number { text-align: right; white-space: nowrap; }
        td.known { color: var(--known); font-weight: 600; }
        td.error { color: var(--bad); }
        td.soft { color: var(--soft); }
        footer { margin-top: 44px; padding-top: 18px; border-top: 1px solid var(--line); color: var(--soft); font-size: 14px; overflow-wrap: anywhere; }
        @media print { body { background: #fff; } figure, tr { break-inside: avoid; } }
        """;
}
