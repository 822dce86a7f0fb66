using System.CommandLine;
using System.CommandLine.Parsing;
using StashAI.Server.Cli;
using StashAI.Server.Cli.Guide;
using StashAI.Server.Cli.Remote;

namespace StashAI.EndToEnd.Tests.Cli;

/// <summary>What holds for every verb of the command line.</summary>
[Collection(nameof(CliServer))]
public sealed class VerbTests(CliServer server)
{
    private static readonly CommandTree Tree = new(new CommandHandlers(TextWriter.Null), _ => null, []);

    /// <summary>The verbs whose output is no data of the API, and why.</summary>
    private static readonly Dictionary<string, string> WithoutJson = new()
    {
        ["serve"] = "runs until it is stopped, and writes a log",
        ["worker"] = "runs until it is stopped, and writes a log",
        ["visage"] = "runs until it is stopped, and writes a log",
        ["migrate"] = "does one thing; its exit code says whether it worked",
        ["models fetch"] = "does one thing; its exit code says whether it worked",
        ["keys create"] = "prints the key alone, for a variable",
        ["keys list"] = "works on the database file, without a server",
        ["keys revoke"] = "does one thing; its exit code says whether it worked",
        ["health"] = "its exit code is the answer",
        ["demo"] = "writes a page",
        ["service check"] = "its exit code is the answer",
        ["service list"] = "works on files, without a server",
        ["config check"] = "its exit code is the answer",
        ["config print"] = "prints NAME VALUE, for people and grep",
        ["completion"] = "prints a script",
        ["help"] = "prints prose",
    };

    public static TheoryData<string> Paths => [.. Verbs().Select(LocalExamples.PathOf)];

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task A_verb_has_two_examples_that_can_be_parsed(string path)
    {
        var verb = Find(path);

        var lines = Tree.ExamplesOf(verb);
        var help = await server.RunAsync([.. path.Split(' '), "--help"]);

        Assert.Equal(2, lines.Distinct().Count());
        Assert.All(lines, line => Assert.Contains($"  {line}\n", help.Output, StringComparison.Ordinal));
        foreach (var line in lines)
        {
            var words = CommandLineParser.SplitCommandLine(line.Split(" < ")[0].Split(" > ")[0]).ToList();
            var parse = Tree.Root.Parse(RemoteFlags.Prepare(words[1..]), new ParserConfiguration { ResponseFileTokenReplacer = null });
            Assert.Equal(("stashai", verb), (words[0], parse.CommandResult.Command));
            Assert.Empty(parse.Errors);
        }
    }

    [Theory]
    [MemberData(nameof(Paths))]
    public void A_verb_prints_json_or_there_is_a_reason_why_not(string path) => Assert.NotEqual(
        WithoutJson.ContainsKey(path), Find(path).Options.Any(option => option.Name == RemoteFlags.JsonName));

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task A_misspelt_verb_or_flag_is_a_usage_error_with_a_suggestion(string path)
    {
        var words = path.Split(' ');
        var last = words[^1];
        var flag = Find(path).Options.Where(option => !option.Hidden && option.Name.Length > 5).Select(option => option.Name)
            .FirstOrDefault();

        var misspelt = last[^1] == last[^2] ? last + last[^1] : $"{last[..^2]}{last[^1]}{last[^2]}";
        var verb = await server.RunAsync([.. words[..^1], misspelt]);

        Assert.Equal(2, verb.ExitCode);
        Assert.Contains("Did you mean '", verb.Error, StringComparison.Ordinal);
        if (flag is null) return;
        var option = await server.RunAsync([.. words, $"{flag[..^2]}{flag[^1]}{flag[^2]}"]);
        Assert.Equal(2, option.ExitCode);
        Assert.Contains($"Did you mean '{flag}'? Try '", option.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_verb_for_work_can_be_quiet_and_takes_a_server() => Assert.All(
        Tree.Examples.Keys,
        verb => Assert.Superset(
            new HashSet<string> { "--server", "--key", "--json", "--quiet" }, verb.Options.Select(option => option.Name).ToHashSet()));

    [Theory]
    [MemberData(nameof(Paths))]
    public void No_flag_of_a_verb_means_two_things(string path)
    {
        var verb = Find(path);
        var above = Above(verb).SelectMany(one => one.Options.Where(option => option.Recursive));
        var names = verb.Options.Concat(above).Distinct().SelectMany(option => option.Aliases.Append(option.Name).Distinct()).ToList();

        Assert.Equal(names.Distinct().Order(), names.Order());
    }

    [Theory]
    [InlineData("jobs")]
    [InlineData("watch JOB")]
    [InlineData("jobs --help")]
    public async Task No_colour_and_no_animation_go_where_no_terminal_is(string line)
    {
        var job = (await server.RunAsync("submit", "translation", "--text", "a", "--wait")).Lines[0];
        string[] words = line.Replace("JOB", job, StringComparison.Ordinal).Split(' ');

        var run = await server.RunAsync("", [("NO_COLOR", "1")], words);
        var plain = await server.RunAsync(words);

        Assert.DoesNotContain('\x1b', run.Output + run.Error + plain.Output + plain.Error);
        Assert.DoesNotContain('\r', run.Error + plain.Error);
    }

    private static IEnumerable<Command> Verbs() => Below(Tree.Root).Where(command => command.Subcommands.Count == 0 && !command.Hidden);

    private static IEnumerable<Command> Below(Command command) => command.Subcommands.SelectMany(one => Below(one).Prepend(one));

    private static IEnumerable<Command> Above(Command command) =>
        command.Parents.OfType<Command>().SelectMany(one => Above(one).Prepend(one));

    private static Command Find(string path) => Verbs().Single(verb => LocalExamples.PathOf(verb) == path);
}
