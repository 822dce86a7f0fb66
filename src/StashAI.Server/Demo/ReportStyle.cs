namespace StashAI.Server.Demo;

/// <summary>The report's style sheet; one file must show everything without a network. Its colours are the dashboard's.</summary>
internal static class ReportStyle
{
    public const string Css = """
        :root {
          color-scheme: light dark;
          --page: light-dark(#f7f8fb, #0f1118);
          --panel: light-dark(#ffffff, #171a24);
          --line: light-dark(#dfe2ec, #2a2f3f);
          --text: light-dark(#171a26, #e9ebf3);
          --quiet: light-dark(#565d71, #a2a9bd);
          --accent: light-dark(#4f46e5, #a5a0ff);
          --good: light-dark(#137a48, #6fd8a0);
          --bad: light-dark(#b3261e, #ff9d95);
          --font: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
        }
        * { box-sizing: border-box; }
        body {
          margin: 0; background: var(--page); color: var(--text);
          font: 14px/1.5 var(--font);
        }
        main { max-width: 1240px; margin: 0 auto; padding: 32px 24px 48px; }
        h1 { font-size: 20px; line-height: 1.3; margin: 0; }
        h2 { font-size: 16px; margin: 32px 0 12px; }
        .kicker { color: var(--accent); font-weight: 600; font-size: 12px; margin: 0 0 6px; }
        .lead { color: var(--quiet); margin: 10px 0 0; max-width: 76ch; }
        .figures { display: flex; flex-wrap: wrap; gap: 12px; margin: 24px 0 0; padding: 0; list-style: none; }
        .figures li { background: var(--panel); border: 1px solid var(--line); border-radius: 8px; padding: 8px 16px; min-width: 112px; }
        .figures b { display: block; font-size: 20px; line-height: 1.3; font-variant-numeric: tabular-nums; }
        .figures span { color: var(--quiet); font-size: 12px; }
        .figures .bad b { color: var(--bad); }
        .people { display: flex; flex-wrap: wrap; gap: 14px; }
        .person { display: flex; align-items: center; gap: 14px; background: var(--panel); border: 1px solid var(--line); border-radius: 8px; padding: 10px 20px 10px 10px; }
        .person img { width: 68px; height: 68px; border-radius: 8px; object-fit: cover; display: block; }
        .person b { display: block; }
        .person span { color: var(--quiet); font-size: 14px; }
        .person .seen { color: var(--good); }
        .photos { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 380px), 1fr)); gap: 20px; align-items: start; }
        figure { margin: 0; background: var(--panel); border: 1px solid var(--line); border-radius: 8px; overflow: hidden; }
        figure.known { border-color: var(--good); }
        figure svg { display: block; width: 100%; height: auto; background: #000; }
        figcaption { padding: 12px 16px 14px; display: flex; flex-wrap: wrap; gap: 2px 12px; justify-content: space-between; }
        figcaption b { overflow-wrap: anywhere; }
        figcaption span { color: var(--quiet); font-size: 14px; font-variant-numeric: tabular-nums; }
        figcaption .who { flex-basis: 100%; font-size: 14px; }
        figcaption .who strong { color: var(--good); }
        figcaption .error { flex-basis: 100%; color: var(--bad); font-size: 14px; overflow-wrap: anywhere; }
        .box { fill: none; stroke: #fff; stroke-opacity: .8; }
        .box-shade { fill: none; stroke: #000; stroke-opacity: .35; }
        .box-known { stroke: #2fd98b; stroke-opacity: 1; }
        .tag { fill: #0b6b41; }
        .tag-text { fill: #fff; font-weight: 600; font-family: var(--font); }
        .scroll { overflow-x: auto; background: var(--panel); border: 1px solid var(--line); border-radius: 8px; }
        table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
        th, td { text-align: left; padding: 6px 16px; border-top: 1px solid var(--line); vertical-align: top; }
        thead th { border-top: 0; color: var(--quiet); font-weight: 500; font-size: 14px; }
        td.number, th.number { text-align: right; white-space: nowrap; }
        td.known { color: var(--good); font-weight: 600; }
        td.error { color: var(--bad); }
        td.soft { color: var(--quiet); }
        footer { margin-top: 44px; padding-top: 18px; border-top: 1px solid var(--line); color: var(--quiet); font-size: 14px; overflow-wrap: anywhere; }
        @media print { body { background: #fff; } figure, tr { break-inside: avoid; } }
        """;
}
