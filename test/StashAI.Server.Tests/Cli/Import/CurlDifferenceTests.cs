using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using CsCheck;
using StashAI.Server.Cli;
using StashAI.Testing.Files;

namespace StashAI.Server.Tests.Cli.Import;

/// <summary>
/// What curl sends is what an imported declaration sends, or the command is refused by name: bash and curl run next to `service import`,
/// and both calls are compared as they arrive. CURL_COMMANDS says how many commands are generated.
/// </summary>
public sealed class CurlDifferenceTests : IDisposable
{
    private readonly TempFolder folder = new();

    public CurlDifferenceTests()
    {
        Directory.CreateDirectory(folder.File("files"));
        foreach (var (name, bytes) in (IEnumerable<(string, byte[])>)
            [
                ("a.wav", "RIFF....WAVEfmt "u8.ToArray()), ("a b.png", [0x89, (byte)'P', (byte)'N', (byte)'G', 0, 255, 10]),
                ("note.txt", "from the note"u8.ToArray()), ("lines.txt", "one\r\ntwo & three\n"u8.ToArray()),
                ("body.json", "{\"text\": \"from the file\",\n \"n\": 1}\n"u8.ToArray()), ("data.bin", [0, 1, 2, 254, 255, 13, 10]),
                ("se;mi.jpg", [0xFF, 0xD8, 0xFF, 0xE0, 1]), ("\u00fcber.pdf", "%PDF-1.4"u8.ToArray()),
                ("quo\"te.gif", "GIF89a"u8.ToArray()), ("pairs.form", "q=from+a+file&x=1"u8.ToArray()), ("empty.txt", []),
            ])
        {
            File.WriteAllBytes(Path.Combine(folder.File("files"), name), bytes);
        }
    }

    private static int Count =>
        int.TryParse(Environment.GetEnvironmentVariable("CURL_COMMANDS"), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? count
            : 300;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task What_curl_sends_is_sent_or_refused_by_name() => await CompareAsync(CurlCommands.All, Count);

    [Fact]
    public async Task Variables_of_the_shell_are_taken_over_or_refused_by_name() =>
        await CompareAsync(CurlCommands.WithVariables, Count / 3);

    [Fact]
    public async Task Damaged_commands_never_end_in_an_exception() =>
        await Gen.Select(
            CurlCommands.All,
            Gen.Select(
                Gen.Int[0, 400],
                Gen.Int[0, 6],
                Gen.OneOf("'", "\"", "\\", "$", "{", "\n", "&", " -F ", "=", "\uFDD0", "^", "`\n", "\uD800", "\0", "%", "<<")).Array[1, 3])
            .SampleAsync(
                async (command, damages) =>
                {
                    foreach (var (place, length, text) in damages)
                    {
                        var at = place % (command.Length + 1);
                        command = command[..at] + text + command[Math.Min(command.Length, at + length)..];
                    }

                    await using var output = new StringWriter();
                    var settings = new Dictionary<string, string> { ["SERVICES_DIR"] = folder.Path, ["HOME"] = folder.Path };
                    var code = await new CommandLineApp(new CommandHandlers(output), settings.GetValueOrDefault, output, output)
                        .RunAsync(
                            [
                                "service", "import", command.Replace("URL", "http://127.0.0.1:1", StringComparison.Ordinal), "--name",
                                "damaged", "--force", "--no-call",
                            ],
                            TestContext.Current.CancellationToken);
                    Assert.True(
                        code is 0 or 2 && !output.ToString().Contains("LOG_LEVEL", StringComparison.Ordinal), $"{command}\n{output}");
                },
                iter: Count * 2,
                threads: 1);

    /// <summary>A text of a header without quotes, at which the library for YAML says only that its state is not valid.</summary>
    [Fact]
    public async Task A_declaration_that_is_no_YAML_is_refused_with_its_place()
    {
        const string command = """
            curl -H '{-B: a,b;c=d' -sSL $'http://127.0.0.1:1/a%2Fb?q=a\'b"c|d^e' -H 'content-type: application/%on; charset=utf-8' --data-raw '{"q":[{"cost_per_item": "?{% {}],"\u00FCber":[1,2],"priority":[{"priority": "${{x}}"}]}'
            """;
        await using var output = new StringWriter();
        var settings = new Dictionary<string, string> { ["SERVICES_DIR"] = folder.Path, ["HOME"] = folder.Path };

        var code = await new CommandLineApp(new CommandHandlers(output), settings.GetValueOrDefault, output, output)
            .RunAsync(["service", "import", command, "--name", "damaged", "--no-call"], TestContext.Current.CancellationToken);

        Assert.Equal(2, code);
        Assert.Contains("not YAML", output.ToString(), StringComparison.Ordinal);
    }

    private async Task CompareAsync(Gen<string> commands, int count)
    {
        Assert.SkipUnless(Has("curl") && Has("bash"), "curl or bash is not installed: on Debian and Ubuntu ./test.sh installs curl.");
        await using var server = new CallRecording();
        var outcomes = new ConcurrentDictionary<string, int>();
        var faults = new ConcurrentQueue<string>();
        await commands.SampleAsync(
            async command =>
            {
                try
                {
                    outcomes.AddOrUpdate(await CompareAsync(command, server), 1, (_, many) => many + 1);
                }
                catch (Xunit.Sdk.XunitException exception)
                {
                    faults.Enqueue(exception.Message);
                }
            },
            iter: count,
            threads: 1);
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(", ", outcomes.Select(one => $"{one.Key}: {one.Value}")));
        Assert.True(
            faults.IsEmpty,
            $"{faults.Count} of {count} commands differ:\n\n{string.Join("\n\n", faults.OrderBy(fault => fault.Length).Take(15))}");
        // Everything could be refused, which would compare nothing; each command has several oddities, so that about four of ten are taken.
        Assert.True(outcomes.GetValueOrDefault("same") > count / 5, string.Join(", ", outcomes));
    }

    private async Task<string> CompareAsync(string template, CallRecording server)
    {
        var command = template.Replace("URL", server.Url, StringComparison.Ordinal)
            .Replace("HOST", new Uri(server.Url).Authority, StringComparison.Ordinal)
            .Replace("DIR/", folder.File("files") + "/", StringComparison.Ordinal);
        var variables = new Dictionary<string, string>
        {
            ["AI_KEY"] = "sk-1.2",
            ["AI_TEXT"] = "two words & more",
            ["AI_ID"] = "7",
            ["AI_BASE"] = server.Url,
            ["AI_DIR"] = folder.File("files"),
            ["HOME"] = folder.Path,
            ["SERVICES_DIR"] = folder.Path,
        };
        await CurlAsync(command.StartsWith("$ ", StringComparison.Ordinal) ? command[2..] : command, variables);
        var wanted = server.Take();
        await using var output = new StringWriter();
        var code = await new CommandLineApp(new CommandHandlers(output), variables.GetValueOrDefault, output, output)
            .RunAsync(["service", "import", command, "--name", "made", "--force"], TestContext.Current.CancellationToken);
        var made = server.Take();
        var said = output.ToString();
        if (code == 2)
        {
            Assert.True(
                made.Count == 0 && said.TrimEnd().Split('\n').Length <= 1 + command.Count(one => one == '\n'), $"{template}\n{said}");
            Assert.DoesNotContain("LOG_LEVEL", said, StringComparison.Ordinal);
            if (Environment.GetEnvironmentVariable("CURL_REFUSALS") is { Length: > 0 } file && wanted.Count > 0)
            {
                await File.AppendAllTextAsync(file, $"{template}\n    {said}\n");
            }

            return wanted.Count == 1 ? "refused" : "refused, as by curl";
        }

        Assert.True(code == 0, $"{template}\nexit {code}: {said}");
        Assert.True(
            wanted.Count == 1 && made.Count == 1, $"{template}\ncurl made {wanted.Count} calls, the declaration {made.Count}.\n{said}");
        var (expected, actual) = (wanted[0].Lines(), made[0].Lines());
        Assert.True(
            expected.SequenceEqual(actual),
            $"{template}\ncurl sends\n  {string.Join("\n  ", expected.Except(actual))}\nthe declaration sends\n"
            + $"  {string.Join("\n  ", actual.Except(expected))}\n{await File.ReadAllTextAsync(folder.File("made.yaml"))}");
        return "same";
    }

    private async Task CurlAsync(string command, Dictionary<string, string> variables)
    {
        var start = new ProcessStartInfo("bash", ["--noprofile", "--norc", "-c", command])
        {
            WorkingDirectory = folder.Path,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(name => name.EndsWith("_proxy", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in variables) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var reads = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        _ = (await reads.Item1, await reads.Item2);
    }

    private static bool Has(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(path => File.Exists(Path.Combine(path, program)));
}
