using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Options;
using StashAI.Client.Errors;
using StashAI.Hosting.Settings;
using StashAI.Hosting.Terminal;
using StashAI.Server.Cli.Remote;
using StashAI.Server.Exits;
using StashAI.Server.Processes;

namespace StashAI.Server.Cli;

/// <summary>Runs one command line from its arguments to its exit code; see <see cref="ExitCodes"/>.</summary>
internal sealed class CommandLineApp(
    ICommandHandlers handlers,
    Func<string, string?> environment,
    TextWriter output,
    TextWriter error,
    IReadOnlyCollection<string>? variables = null,
    TextReader? input = null,
    TextWriter? errorTerminal = null,
    bool isInteractive = false)
{
    /// <summary>Escapes text from services and files before it reaches the terminal.</summary>
    private readonly TextWriter output = EscapingWriter.Over(output);

    private readonly TextWriter error = EscapingWriter.Over(error);

    public async Task<int> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var surroundings = new Surroundings
        {
            Environment = environment,
            Input = input ?? TextReader.Null,
            ErrorTerminal = errorTerminal,
            IsInteractive = isInteractive,
            Browser = isInteractive ? Browser.Find(environment) : null,
        };
        var tree = new CommandTree(handlers, environment, variables ?? [], surroundings);
        // `@FILE` names an item's file, not a file with more arguments.
        var parse = tree.Root.Parse(
            arguments.Count > 0 ? RemoteFlags.Prepare(arguments) : ["--help"],
            new ParserConfiguration { ResponseFileTokenReplacer = null });
        var command = NameOf(parse.CommandResult);
        if (MisspeltFlag(parse, arguments) is { } flag)
        {
            await error.WriteLineAsync(
                $"{command}: '{EscapedText.Line(flag)}' is not understood.{Suggestion(flag, parse.CommandResult.Command)} "
                + $"Try '{command} --help'.");
            return ExitCodes.Usage;
        }
        if (parse.Action is ParseErrorAction or null || WrongValue(parse) is not null)
        {
            var reason = parse.UnmatchedTokens.Count > 0
                ? $"'{parse.UnmatchedTokens[0]}' is not understood.{Suggestion(parse.UnmatchedTokens[0], parse.CommandResult.Command)}"
                : WrongValue(parse) ?? parse.Errors[0].Message;
            await error.WriteLineAsync($"{command}: {EscapedText.Line(reason)} Try '{command} --help'.");
            return ExitCodes.Usage;
        }
        if (parse.GetResult(tree.Root.Options.OfType<VersionOption>().Single()) is { Implicit: false })
        {
            await output.WriteLineAsync($"stashai {OwnProgram.Version}");
            return ExitCodes.Success;
        }
        var configuration = new InvocationConfiguration
        {
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,
            // Termination handles signals: this library would allow only two seconds for a graceful stop.
            ProcessTerminationTimeout = null,
        };
        try
        {
            return await parse.InvokeAsync(configuration, cancellationToken);
        }
        catch (UsageException exception)
        {
            await error.WriteLineAsync($"{command}: {EscapedText.Line(exception.Message)}");
            return ExitCodes.Usage;
        }
        catch (StashException exception)
        {
            await error.WriteLineAsync($"{command}: {EscapedText.Line(ServerErrors.Sentence(exception))}");
            foreach (var line in ServerErrors.Further(exception)) await error.WriteLineAsync($"  {EscapedText.Line(line)}");
            return ServerErrors.ExitCode(exception);
        }
        catch (DecoderFallbackException)
        {
            await error.WriteLineAsync($"{command}: Standard input is not text in UTF-8; convert it first.");
            return ExitCodes.Usage;
        }
        catch (OptionsValidationException exception)
        {
            var problems = exception.Failures.ToList();
            var further = problems.Count > 1
                ? $" {problems.Count - 1} more settings are not valid; 'stashai config check' lists them all."
                : "";
            await error.WriteLineAsync($"{command}: {EscapedText.Line(problems[0])}{further}");
            return ExitCodes.Usage;
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Interrupted;
        }
        catch (Exception exception)
        {
            await error.WriteLineAsync($"{command}: {EscapedText.Line(OneSentence(exception))}");
            if (string.Equals(environment("LOG_LEVEL"), "debug", StringComparison.OrdinalIgnoreCase))
            {
                await error.WriteLineAsync(exception.ToString());
            }
            return ExitCodes.Failure;
        }
    }

    /// <summary>
    /// A flag that the command does not have, which the parser took for one of its arguments; null for none. What follows <c>--</c> may
    /// look like a flag.
    /// </summary>
    private static string? MisspeltFlag(ParseResult parse, IReadOnlyList<string> arguments)
    {
        var words = arguments.TakeWhile(argument => argument != "--").ToHashSet(StringComparer.Ordinal);
        return parse.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens)
            .Select(token => token.Value).FirstOrDefault(word => word.StartsWith("--", StringComparison.Ordinal) && words.Contains(word));
    }

    /// <summary>What to say of a value that is not of its flag's or argument's type; null where all are.</summary>
    private static string? WrongValue(ParseResult parse)
    {
        foreach (var child in parse.CommandResult.Children)
        {
            var (name, type, tokens) = child switch
            {
                OptionResult option => (option.Option.Name, option.Option.ValueType, option.Tokens),
                ArgumentResult argument => (argument.Argument.Name, argument.Argument.ValueType, argument.Tokens),
                _ => ("", typeof(string), []),
            };
            type = Nullable.GetUnderlyingType(type) ?? type;
            if (tokens is not [{ Value: var text }]) continue;
            var what = type == typeof(Guid) && !Guid.TryParse(text, out _) ? "a whole id"
                : type == typeof(int) && !int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)
                    ? "a whole number"
                : type == typeof(double) && !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? "a number"
                : null;
            if (what is not null) return $"{name} must be {what}, not '{text}'.";
        }

        return null;
    }

    /// <summary>The most similar command or flag for an unknown one.</summary>
    private static string Suggestion(string token, Command command)
    {
        var known = command.Subcommands.Where(one => !one.Hidden).Select(one => one.Name)
            .Concat(command.Options.Where(one => !one.Hidden).Select(one => one.Name));
        var name = token.Split('=', 2)[0];
        if (command.Options.Any(one => one.Name == name)) return " It stands after the name of the command.";
        return NearestName.Of(token, known) is { } nearest ? $" Did you mean '{nearest}'?" : "";
    }

    /// <summary>The full name of the command: <c>stashai keys create</c>.</summary>
    private static string NameOf(SymbolResult? result) => result switch
    {
        CommandResult { Command: not RootCommand } command => $"{NameOf(command.Parent)} {command.Command.Name}",
        _ => "stashai",
    };

    private static string OneSentence(Exception e) => e is StartException
        ? e.Message
        : $"{e.Message.ReplaceLineEndings(" ").TrimEnd('.', ' ')} (LOG_LEVEL=debug shows the details).";
}
