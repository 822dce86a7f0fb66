using Spectre.Console;
using StashAI.Server.Demo;

namespace StashAI.EndToEnd.Tests.Demo;

public sealed class TerminalTests
{
    private readonly StringWriter output = new();

    [Fact]
    public async Task Without_a_terminal_progress_is_plain_lines_one_per_change()
    {
        var terminal = Plain();

        var final = await terminal.ProgressAsync(3, report =>
        {
            report(new JobProgress("j", "running", 3, 0, 0));
            report(new JobProgress("j", "running", 3, 1, 0));
            report(new JobProgress("j", "running", 3, 1, 0));
            var last = new JobProgress("j", "partial", 3, 2, 1);
            report(last);
            return Task.FromResult(last);
        });

        Assert.Equal("partial", final.Status);
        Assert.Equal(
            ["  0 of 3 photos", "  1 of 3 photos", "  2 of 3 photos, 1 failed"],
            output.ToString().TrimEnd().Split('\n').Select(line => line.TrimEnd()));
    }

    [Fact]
    public void The_table_has_photo_faces_who_confidence_and_time_and_takes_names_as_text()
    {
        DemoFace known = new(null, new FaceMatch("p", "[red]Ann[/]", 91)), stranger = new(null, null);
        var outcome = new DemoOutcome(
            "j", [],
            [
                new PhotoResult(Photo("a.jpg"), [known, stranger], 41.6, null),
                new PhotoResult(Photo("b.jpg"), [], 12, null),
                new PhotoResult(Photo("c.jpg"), [], null, "not a picture"),
            ],
            [], TimeSpan.Zero, DateTimeOffset.UnixEpoch, 0.5);

        Plain().Table(outcome);

        var rows = output.ToString().Split('\n').Where(line => line.Contains(".jpg", StringComparison.Ordinal))
            .Select(line => line.Split(['|', '│'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).ToList();
        Assert.Equal(["a.jpg", "2", "[red]Ann[/]", "91 %", "42 ms"], rows[0]);
        Assert.Equal(["b.jpg", "0", "no face", "12 ms"], rows[1]);
        Assert.Equal(["c.jpg", "-", "failed: not a picture", "-"], rows[2]);
    }

    private static DemoPhoto Photo(string name) => new("/" + name, name, 10, 10);

    private DemoTerminal Plain() => new(AnsiConsole.Create(new AnsiConsoleSettings
    {
        Ansi = AnsiSupport.No,
        ColorSystem = ColorSystemSupport.NoColors,
        Interactive = InteractionSupport.No,
        Out = new AnsiConsoleOutput(output),
    }));
}
