using System.Globalization;
using Spectre.Console;
using StashAI.Hosting.Terminal;

namespace StashAI.Server.Demo;

/// <summary>The demo's output on the terminal; plain lines if the output is not a terminal.</summary>
internal sealed class DemoTerminal
{
    private readonly IAnsiConsole console;

    public DemoTerminal(IAnsiConsole console)
    {
        this.console = console;
        if (!console.Profile.Out.IsTerminal)
        {
            // A file or pipe has no width, so lines are not wrapped.
            console.Profile.Width = 1000;
        }
    }

    private bool IsLive => console.Profile.Capabilities is { Ansi: true, Interactive: true };

    public void Title(string text)
    {
        console.WriteLine();
        console.MarkupLineInterpolated($"[bold]{EscapedText.Line(text)}[/]");
        console.WriteLine();
    }

    public void Say(string text) => console.MarkupLineInterpolated($"  [grey]{EscapedText.Line(text)}[/]");

    public void Done(string text) =>
        console.MarkupLineInterpolated($"  [green]{(console.Profile.Capabilities.Unicode ? "✓" : "+")}[/] {EscapedText.Line(text)}");

    public void Warn(string text) => console.MarkupLineInterpolated($"  [yellow]![/] {EscapedText.Line(text)}");

    /// <summary>Runs a step with a spinner; without a terminal, writes its name as a line.</summary>
    public async Task<T> StepAsync<T>(string text, Func<Task<T>> run)
    {
        if (!IsLive)
        {
            Say(text);
            return await run();
        }
        return await console.Status().Spinner(Spinner.Known.Dots).StartAsync("  " + Markup.Escape(EscapedText.Line(text)), _ => run());
    }

    /// <summary>Shows the job's progress while <paramref name="follow"/> reports it.</summary>
    public async Task<JobProgress> ProgressAsync(int total, Func<Action<JobProgress>, Task<JobProgress>> follow)
    {
        if (!IsLive)
        {
            var said = -1;
            return await follow(progress =>
            {
                if (progress.CompletedTasks + progress.FailedTasks is var done && done != said)
                {
                    said = done;
                    Say(Line(progress));
                }
            });
        }
        return await console.Progress()
            .AutoClear(false)
            .Columns(
                new SpinnerColumn(Spinner.Known.Dots),
                new TaskDescriptionColumn(),
                new ProgressBarColumn(),
                new PercentageColumn(),
                new ElapsedTimeColumn())
            .StartAsync(async context =>
            {
                var bar = context.AddTask($"  0 of {total} photos", maxValue: Math.Max(1, total));
                return await follow(progress =>
                {
                    bar.Value = progress.CompletedTasks + progress.FailedTasks;
                    bar.Description = Markup.Escape("  " + Line(progress));
                });
            });
    }

    public void Table(DemoOutcome outcome)
    {
        var table = new Table { Border = console.Profile.Capabilities.Unicode ? TableBorder.Rounded : TableBorder.Ascii };
        table.AddColumn("Photo");
        table.AddColumn(new TableColumn("Faces").RightAligned());
        table.AddColumn("Who");
        table.AddColumn(new TableColumn("Confidence").RightAligned());
        table.AddColumn(new TableColumn("Time").RightAligned());
        foreach (var result in outcome.Results)
        {
            var matches = result.Faces.Select(face => face.Match).OfType<FaceMatch>().ToList();
            table.AddRow(
                new Text(EscapedText.Line(result.Photo.Name)),
                new Text(result.Completed ? result.Faces.Count.ToString(CultureInfo.InvariantCulture) : "-"),
                Who(result, matches),
                new Text(string.Join('\n', matches.Select(match => EscapedText.Line(match.Confidence)))),
                new Text(result.Milliseconds is { } time ? string.Create(CultureInfo.InvariantCulture, $"{time:0} ms") : "-"));
        }
        console.WriteLine();
        console.Write(table);
    }

    private static Text Who(PhotoResult result, List<FaceMatch> matches) => result switch
    {
        { Error: { } error } => new Text("failed: " + EscapedText.Line(error), new Style(Color.Red)),
        _ when matches.Count > 0 => new Text(
            string.Join('\n', matches.Select(match => EscapedText.Line(match.Name))), new Style(Color.Green, decoration: Decoration.Bold)),
        { Faces.Count: 0 } => new Text("no face", new Style(Color.Grey)),
        _ => new Text("nobody known", new Style(Color.Grey)),
    };

    private static string Line(JobProgress progress) => progress.FailedTasks == 0
        ? $"{progress.CompletedTasks} of {progress.TotalTasks} photos"
        : $"{progress.CompletedTasks} of {progress.TotalTasks} photos, {progress.FailedTasks} failed";
}
