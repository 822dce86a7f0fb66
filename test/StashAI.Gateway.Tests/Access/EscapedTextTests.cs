using System.Globalization;
using System.Text;
using CsCheck;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StashAI.Hosting.Terminal;
using StashAI.Server.Cli;
using StashAI.Testing.Files;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Access;

/// <summary>Nothing that a client, a service or a file says moves a terminal.</summary>
public sealed class EscapedTextTests
{
    private static readonly Gen<string> Text = Gen.OneOf(
        Gen.OneOf(
            "\u001b[2J", "\u001b]0;title\u0007", "\u009b31m", "\u009d0;x\u009c", "a\rb", "a\b\b", "\u202egnp.exe", "\u2066x\u2069",
            "a\u2028b", "a\u2029b", "\0", "\u007f", "\ud800", "naïve 猫 👩‍🚀", "a\nb", "a\tb", "\r\n= result after 1 ms: true", "\ufeff"),
        Gen.String);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Whatever_is_written_moves_no_terminal() => Gen.Select(Text.Array[1, 4], Gen.Int[0, 3]).Sample((texts, how) =>
    {
        var seen = new StringWriter();
        using var writer = EscapingWriter.Over(seen);
        foreach (var text in texts)
        {
            if (how == 0) writer.Write(text);
            else if (how == 1) writer.WriteLine(text);
            else if (how == 2) foreach (var one in text) writer.Write(one);
            else writer.Write(text.ToCharArray(), 0, text.Length);
        }

        Check(seen.ToString(), isLine: false);
        foreach (var text in texts) Check(EscapedText.Line(text), isLine: true);
    });

    [Fact]
    public void What_people_write_stays_as_it_is()
    {
        foreach (var text in (string[])["naïve", "猫", "👩‍🚀", "שלום", "a\u200db", "C:\\x"]) Assert.Equal(text, EscapedText.Line(text));
        Assert.Equal(@"a\u001b[31mb\nc\td", EscapedText.Line("a\u001b[31mb\nc\td"));
        Assert.Equal("a\nb\tc", EscapedText.Lines("a\nb\tc"));
    }

    [Fact]
    public void A_log_line_stays_one_line_and_moves_no_terminal() => Text.Sample(text =>
    {
        var seen = new StringWriter();
        var entry = new LogEntry<string>(
            LogLevel.Information, "A.Category", new EventId(7), $"x {text} y", new IOException(text), (state, _) => state);

        new EscapingLogFormatter(Options.Create(new EscapingLogFormatterOptions())).Write(entry, null, seen);

        var line = seen.ToString();
        Assert.EndsWith(Environment.NewLine, line, StringComparison.Ordinal);
        line = line.TrimEnd('\n', '\r');
        // The level's color is ours, on a terminal.
        line = line[line.IndexOf(": A.Category[7]", StringComparison.Ordinal)..];
        Check(line, isLine: true);
    });

    [Fact]
    public async Task The_command_line_shows_what_a_service_or_a_file_says_without_its_escapes()
    {
        using var folder = new TempFolder();
        await using var service = await ScriptedService.StartAsync(Cancellation);
        service.Script = _ => Reply.Json("{\"error\":\"\u009b31m \u202e\"}\n\u001b[2J\u001b]0;owned\u0007\r= result after 1 ms: true", 400);
        await File.WriteAllTextAsync(
            folder.File("bad.yaml"), "name: \"a\\e[31m\u202e\"\nurl: http://x\noperatoins\u001b[2J: {}", Cancellation);
        await File.WriteAllTextAsync(
            folder.File("echo.yaml"),
            $"name: echo\nurl: {service.Url}\noperations:\n  go: {{item: string, request: {{path: /x, json: {{q: \"{{{{ item }}}}\"}}}}}}",
            Cancellation);
        string[][] commands =
        [
            ["service", "check", folder.File("bad.yaml")], ["service", "test", "echo", "--item", "x\u001b[31m"], ["service", "list"],
            ["service", "test", "no\u001b[31m\nsuch", "--item", "x"],
            ["service", "import", $"curl {service.Url}/\u001b[31m -d q=x", "--no-call"],
            ["nosuch\u001b[31m\u202e"],
            ["keys", "create", "--scope", "\u001b[31m"],
        ];

        foreach (var command in commands)
        {
            var seen = new StringWriter();
            await new CommandLineApp(new CommandHandlers(seen), name => name == "SERVICES_DIR" ? folder.Path : null, seen, seen)
                .RunAsync(command, Cancellation);
            Check(seen.ToString(), isLine: false);
            Assert.DoesNotContain(seen.ToString().Split('\n'), line => line.StartsWith("= result after 1 ms", StringComparison.Ordinal));
        }
    }

    private static void Check(string shown, bool isLine)
    {
        foreach (var one in shown)
        {
            if (!isLine && one is '\n' or '\t' && !isLine) continue;
            Assert.False(char.IsControl(one), $"U+{(int)one:X4} in {shown}");
            Assert.DoesNotContain(
                CharUnicodeInfo.GetUnicodeCategory(one),
                (UnicodeCategory[])[UnicodeCategory.LineSeparator, UnicodeCategory.ParagraphSeparator]);
            Assert.False(
                one is (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069') or '\u200e' or '\u200f',
                $"U+{(int)one:X4} in {shown}");
        }
    }
}
