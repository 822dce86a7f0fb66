using System.CommandLine;
using StashAI.Server.Exits;

namespace StashAI.Server.Cli.Guide;

/// <summary>`completion SHELL`: a script that knows every command and flag of this version.</summary>
internal static class CompletionCommand
{
    private static readonly string[] Shells = ["bash", "zsh", "fish", "pwsh"];

    public static Command Create(RootCommand root)
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh, fish or pwsh." };
        shell.CompletionSources.Add(Shells);
        var command = new Command("completion", "Print a script that completes commands and flags in a shell.") { shell };
        command.SetAction(parse => parse.InvocationConfiguration.Output.Write(Script(root, parse.GetValue(shell)!)));
        return command;
    }

    private static string Script(RootCommand root, string shell)
    {
        var words = WordsOf(root, "").ToList();
        return shell switch
        {
            "bash" => Bash(words),
            "zsh" => Zsh(words),
            "fish" => Fish(words),
            "pwsh" => PowerShell(words),
            _ => throw new UsageException($"completion knows {string.Join(", ", Shells)}, not '{shell}'."),
        };
    }

    /// <summary>Each command by its path, such as `keys create`, and what may follow it.</summary>
    private static IEnumerable<(string Path, IReadOnlyList<string> Words)> WordsOf(Command command, string path)
    {
        var own = command.Subcommands.Where(one => !one.Hidden).ToList();
        IEnumerable<string> flags = command.Options.Where(one => !one.Hidden).Select(one => one.Name).Append("--help").Distinct();
        yield return (path, [.. own.Select(one => one.Name), .. command.Arguments.SelectMany(Values), .. flags]);
        foreach (var pair in own.SelectMany(one => WordsOf(one, $"{path} {one.Name}".Trim()))) yield return pair;
    }

    private static IEnumerable<string> Values(Argument argument) =>
        argument.GetCompletions(System.CommandLine.Completions.CompletionContext.Empty).Select(one => one.Label);

    private static string Cases(IEnumerable<(string Path, IReadOnlyList<string> Words)> words, string indent) =>
        string.Concat(words.Select(one => $"{indent}'{one.Path}') words='{string.Join(' ', one.Words)}' ;;\n"));

    private static string Paths(IEnumerable<(string Path, IReadOnlyList<string> Words)> words) =>
        string.Join('|', words.Where(one => one.Path.Length > 0).Select(one => $"'{one.Path}'"));

    private static string Bash(IReadOnlyList<(string Path, IReadOnlyList<string> Words)> words) =>
        $$"""
        # Completes stashai in bash: source <(stashai completion bash)
        _stashai() {
          local current=${COMP_WORDS[COMP_CWORD]} path='' next words='' i
          for ((i = 1; i < COMP_CWORD; i++)); do
            next=${path:+$path }${COMP_WORDS[i]}
            case $next in
              {{Paths(words)}}) path=$next ;;
            esac
          done
          case $path in
        {{Cases(words, "    ")}}  esac
          COMPREPLY=($(compgen -W "$words" -- "$current"))
        }
        complete -o default -F _stashai stashai

        """;

    private static string Zsh(IReadOnlyList<(string Path, IReadOnlyList<string> Words)> words) =>
        $$"""
        #compdef stashai
        # Completes stashai in zsh: source <(stashai completion zsh), after compinit
        _stashai() {
          local so_far='' next candidates='' i
          for ((i = 2; i < CURRENT; i++)); do
            next=${so_far:+$so_far }${words[i]}
            case $next in
              {{Paths(words)}}) so_far=$next ;;
            esac
          done
          case $so_far in
        {{Cases(words, "    ").Replace("words=", "candidates=", StringComparison.Ordinal)}}  esac
          compadd -- ${=candidates}
          [[ $PREFIX == -* ]] || _files
        }
        compdef _stashai stashai

        """;

    private static string Fish(IReadOnlyList<(string Path, IReadOnlyList<string> Words)> words) =>
        $$"""
        # Completes stashai in fish: stashai completion fish | source
        function __stashai_words
            set -l path ''
            for word in (commandline -opc)[2..-1]
                set -l next (string trim "$path $word")
                switch $next
                    case {{string.Join(' ', words.Where(one => one.Path.Length > 0).Select(one => $"'{one.Path}'"))}}
                        set path $next
                end
            end
            switch "$path"
        {{string.Concat(words.Select(one => $"        case '{one.Path}'\n            string split -- ' ' '{string.Join(' ', one.Words)}'\n"))}}    end
        end
        complete -c stashai -a '(__stashai_words)'

        """;

    private static string PowerShell(IReadOnlyList<(string Path, IReadOnlyList<string> Words)> words) =>
        $$"""
        # Completes stashai in PowerShell: stashai completion pwsh | Out-String | Invoke-Expression
        Register-ArgumentCompleter -Native -CommandName stashai -ScriptBlock {
            param($current, $line, $position)
            $known = @{
        {{string.Concat(words.Select(one => $"        '{one.Path}' = '{string.Join(' ', one.Words)}'\n"))}}    }
            $path = ''
            foreach ($word in $line.CommandElements | Select-Object -Skip 1) {
                if ($word.Extent.EndOffset -ge $position) { break }
                $next = "$path $word".Trim()
                if ($known.ContainsKey($next)) { $path = $next }
            }
            $known[$path] -split ' ' | Where-Object { $_ -like "$current*" } | ForEach-Object {
                [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
            }
        }

        """;
}
