namespace StashAI.Hosting.Settings;

/// <summary>A setting as it is declared, once: what reads it, checks it, prints it and documents it follows from here.</summary>
public abstract class SettingDefinition
{
    /// <summary>The environment variables, the first that is set counts; none for a setting that is only a flag.</summary>
    public required IReadOnlyList<string> Variables { get; init; }

    /// <summary>The flag of the command line, such as `--data`, which wins over the variables; null for none.</summary>
    public string? Flag { get; init; }

    /// <summary>What it means, as Markdown.</summary>
    public required string Meaning { get; init; }

    /// <summary>The default as people read it, as Markdown.</summary>
    public required string DefaultText { get; init; }

    /// <summary>The commands that read it.</summary>
    public required IReadOnlyList<string> Commands { get; init; }

    /// <summary>True when its value is never printed.</summary>
    public bool IsSecret { get; init; }

    /// <summary>The setting that names a file with the value, read when this one is not set; null for none.</summary>
    public SettingDefinition? FileSetting { get; init; }

    /// <summary>The name that people know it by.</summary>
    public string Name => Variables.Count > 0 ? Variables[0] : Flag!;

    /// <summary>The valid values in a few words, as Markdown.</summary>
    public abstract string Values { get; }

    /// <summary>Checks a value and returns it as it may be printed.</summary>
    /// <exception cref="FormatException">
    /// The value is not valid; the message is the end of a sentence that begins with the setting's name.
    /// </exception>
    public abstract string Display(string text);
}
