using System.CommandLine;
using System.Text.RegularExpressions;
using StashAI.Server.Cli;
using StashAI.Server.Tests.Cli;
using StashAI.Testing.Files;

namespace StashAI.Server.Tests.Docs;

/// <summary>The commands of `stashai` that the pages name exist, and so do their flags.</summary>
public sealed partial class CommandPageTests
{
    [Fact]
    public void Every_command_and_flag_that_a_page_names_exists()
    {
        var root = new CommandTree(new RecordedHandlers(), _ => null, []).Root;

        Assert.Equal(
            [], MarkdownPage.All.SelectMany(page => Typed().Matches(SourceTree.Read(page.Name)).Select(match => match.Groups[1].Value)
                .Where(line => !Exists(root, line)).Select(line => $"{page.Name}: stashai {line}")));
    }

    private static bool Exists(Command command, string line)
    {
        foreach (var word in line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (command.Subcommands.FirstOrDefault(one => one.Name == word) is not { } next) break;
            command = next;
        }

        // What is left begins with a group's own name, a placeholder, an argument or a flag.
        var isKnown = command is not RootCommand || line.StartsWith("COMMAND", StringComparison.Ordinal);
        return isKnown
            && Flag().Matches(line).All(flag => flag.Value == "--help" || command.Options.Any(option => option.Name == flag.Value));
    }

    /// <summary>A command in code marks, or on a line of a block; its comment and what stands in quotes are left out.</summary>
    [GeneratedRegex("(?:`|^ *)(?:\\./out/)?stashai ([a-zA-Z][^`\"'\n#]*)", RegexOptions.Multiline)]
    private static partial Regex Typed();

    [GeneratedRegex("(?<= )--[a-z-]+")]
    private static partial Regex Flag();
}
