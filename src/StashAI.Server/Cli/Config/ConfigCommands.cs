using System.CommandLine;
using StashAI.Hosting.Settings;
using StashAI.Server.Cli.Parsing;
using StashAI.Server.Exits;
using StashAI.Server.Hosting;

namespace StashAI.Server.Cli.Config;

/// <summary><c>stashai config</c>: checks and prints the settings and where they come from. It opens and creates nothing.</summary>
internal sealed class ConfigCommands(Func<string, string?> environment, IReadOnlyCollection<string> variables)
{
    public Command Create(params ReadOnlySpan<Option> flags)
    {
        var command = new Command("config", "Check and print the settings.");
        command.Subcommands.Add(
            Subcommand("check", "List every setting that is not valid, and variables that look like a misspelt setting.", Check, flags));
        command.Subcommands.Add(
            Subcommand("print", "Print every setting with its value and the source of the value; secrets are masked.", Print, flags));
        var docs = new Command("docs", "Print docs/configuration.md.") { Hidden = true };
        docs.SetAction(parse => parse.InvocationConfiguration.Output.Write(ConfigurationPage.Write()));
        command.Subcommands.Add(docs);
        return command;
    }

    private Command Subcommand(
        string name, string description, Func<SettingsReader, TextWriter, TextWriter, int> run, ReadOnlySpan<Option> flags)
    {
        var command = new Command(name, description);
        foreach (var flag in flags) command.Options.Add(flag);
        command.SetAction(parse => run(
            new SettingsReader(environment, parse.FlagText), parse.InvocationConfiguration.Output, parse.InvocationConfiguration.Error));
        return command;
    }

    private int Check(SettingsReader reader, TextWriter output, TextWriter error)
    {
        SettingsCatalog.Check(reader);
        foreach (var problem in reader.Problems) error.WriteLine(problem);
        foreach (var warning in UnknownVariables.Find(variables, SettingsCatalog.Variables)) error.WriteLine($"warning: {warning}");
        if (reader.Problems.Count > 0) return ExitCodes.Usage;
        output.WriteLine("All settings are valid.");
        return ExitCodes.Success;
    }

    private static int Print(SettingsReader reader, TextWriter output, TextWriter error)
    {
        SettingsCatalog.Check(reader);
        var rows = SettingsCatalog.All.Select(setting => (setting.Name, Row: Row(reader, setting))).ToList();
        var width = rows.Max(row => row.Name.Length);
        foreach (var (name, row) in rows) output.WriteLine($"{name.PadRight(width)}  {row}");
        foreach (var problem in reader.Problems) error.WriteLine(problem);
        return reader.Problems.Count > 0 ? ExitCodes.Usage : ExitCodes.Success;
    }

    private static string Row(SettingsReader reader, SettingDefinition setting)
    {
        var value = reader.Find(setting);
        if (value is null) return $"{setting.DefaultText.Replace("`", "", StringComparison.Ordinal)}  (default)";
        return $"{reader.Check(setting)?.Text ?? "not valid"}  (from {value.Source})";
    }
}
