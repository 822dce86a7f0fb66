using System.CommandLine;
using System.Text.Json;
using StashAI.Hosting.Settings;
using StashAI.Server.Backups;
using StashAI.Server.Cli.Parsing;
using StashAI.Server.Cli.Remote;
using StashAI.Server.Exits;

namespace StashAI.Server.Cli.Backups;

/// <summary>One run of a command for backups: its settings, and where its data, remarks and progress go.</summary>
internal sealed class BackupCall
{
    private static readonly TimeSpan DrawPause = TimeSpan.FromMilliseconds(100);

    private static readonly JsonSerializerOptions Form = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    private readonly ParseResult parse;
    private readonly ProgressLines lines;
    private readonly TimeProvider clock;
    private readonly bool isTerminal;
    private readonly bool isQuiet;
    private long drawn;
    private string? last;

    public BackupCall(ParseResult parse, RemoteFlags flags, Surroundings surroundings)
    {
        this.parse = parse;
        clock = surroundings.Clock;
        isQuiet = parse.GetValue(flags.Quiet);
        isTerminal = surroundings.ErrorTerminal is not null;
        Settings = new SettingsReader(surroundings.Environment, parse.FlagText);
        Json = JsonLines.Of(parse.GetValue(flags.Json));
        Output = parse.InvocationConfiguration.Output;
        Error = parse.InvocationConfiguration.Error;
        lines = new ProgressLines(isQuiet ? null : Error, isQuiet ? null : surroundings.ErrorTerminal);
    }

    public SettingsReader Settings { get; }

    /// <summary>How to print JSON; null for text.</summary>
    public JsonLines? Json { get; }

    public TextWriter Output { get; }

    public TextWriter Error { get; }

    public TimeProvider Clock => clock;

    public T? Value<T>(Option<T> option) => parse.GetValue(option);

    /// <summary>The absolute path of a folder or file that an argument or a flag names.</summary>
    /// <exception cref="UsageException">It is no path.</exception>
    private static string PathOf(string? text, string name) =>
        text?.Trim() is { Length: > 0 } given && SettingForms.PathOf(given) is { } path
            ? Path.TrimEndingDirectorySeparator(path)
            : throw new UsageException($"{name} must be a path, not '{text}'.");

    public string PathOf(Argument<string> argument) => PathOf(parse.GetValue(argument), argument.Name);

    public string? PathOf(Option<string?> option) => parse.GetValue(option) is { } text ? PathOf(text, option.Name) : null;

    /// <summary>Draws how far it is.</summary>
    public void Show(BackupStep step)
    {
        var isEnd = step.Total > 0 && step.Done >= step.Total;
        if (isTerminal && last == step.What && !isEnd && clock.GetElapsedTime(drawn) < DrawPause) return;
        (last, drawn) = (step.What, clock.GetTimestamp());
        var percent = step.Total > 0 ? 100d * step.Done / step.Total : 0;
        var text = step.Total > 0
            ? $"{ProgressLines.Bar(percent)} {step.What}: {Sizes.Text(step.Done)} of {Sizes.Text(step.Total)}"
            : $"{step.What} ...";
        lines.Show([(step.What, text, (int)percent / 10)]);
    }

    public void Clear() => lines.Clear();

    /// <summary>Prints an object as JSON, with the names of its fields in snake case.</summary>
    public Task WriteAsync<T>(JsonLines json, T value) => json.WriteAsync(Output, JsonSerializer.SerializeToNode(value, Form)!.AsObject());

    /// <summary>A remark for the person at the terminal.</summary>
    public async Task SayAsync(string text)
    {
        Clear();
        if (!isQuiet) await Error.WriteLineAsync(text);
    }
}
