using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using StashAI.Streams.Files;

namespace StashAI.Hosting.Settings;

/// <summary>
/// Reads settings: the flag first, then the variables, then the file that holds the value, then the default. A variable that is set to
/// nothing counts as not set. A value that is not valid becomes one sentence in <see cref="Problems"/>, and the default stands for it, so
/// that all problems are found at once.
/// </summary>
/// <param name="variable">A variable by its name.</param>
/// <param name="flag">A flag by its name: null when it was not given.</param>
public sealed class SettingsReader(Func<string, string?> variable, Func<string, string?>? flag = null)
{
    private readonly OrderedDictionary<string, string> problems = [];

    /// <summary>One sentence for each value that is not valid.</summary>
    public IReadOnlyList<string> Problems => problems.Values;

    /// <summary>Reads an options record.</summary>
    /// <exception cref="OptionsValidationException">Values are not valid; there is one sentence for each.</exception>
    public static T Bind<T>(IConfiguration configuration, Func<SettingsReader, T> read) =>
        Bind(new SettingsReader(name => configuration[name]), read);

    /// <inheritdoc cref="Bind{T}(IConfiguration, Func{SettingsReader, T})"/>
    public static T Bind<T>(SettingsReader reader, Func<SettingsReader, T> read)
    {
        var value = read(reader);
        return reader.problems.Count == 0 ? value : throw new OptionsValidationException(Options.DefaultName, typeof(T), reader.Problems);
    }

    /// <summary>The value of a setting.</summary>
    public T Read<T>(Setting<T> setting) => Read(setting, setting.Form);

    /// <summary>The value of a setting whose form depends on what only this process knows.</summary>
    public T Read<T>(Setting<T> setting, SettingForm<T> form)
    {
        if (Find(setting) is not { } value) return setting.Default;
        try
        {
            return form.Read(value.Text, setting.IsSecret);
        }
        catch (FormatException exception)
        {
            Add(value.Source, exception.Message);
            return setting.Default;
        }
    }

    /// <summary>What somebody gave a setting; null when nobody gave anything.</summary>
    public SettingValue? Find(SettingDefinition setting)
    {
        if (setting.Flag is { } name && flag?.Invoke(name)?.Trim() is { } given)
        {
            if (given.Length > 0) return new SettingValue(given, name);
            Add(name, "must have a value.");
            return null;
        }

        SettingValue? found = null;
        foreach (var one in setting.Variables)
        {
            if (variable(one)?.Trim() is not { Length: > 0 } text) continue;
            found ??= new SettingValue(text, one);
            if (found.Text != text) Add(one, $"has another value than {found.Source}, and they are one setting; set only one of them.");
        }

        return found is not null ? found : setting.FileSetting is { } file && Find(file) is { } path ? Content(path) : null;
    }

    /// <summary>Checks a setting without using it.</summary>
    /// <returns>What may be printed of its value; null when nobody gave one, or it is not valid.</returns>
    public (string Text, string Source)? Check(SettingDefinition setting)
    {
        if (Find(setting) is not { } value) return null;
        try
        {
            return (setting.Display(value.Text), value.Source);
        }
        catch (FormatException exception)
        {
            Add(value.Source, exception.Message);
            return null;
        }
    }

    /// <summary>Adds a problem that one setting alone does not have.</summary>
    /// <param name="setting">The setting that people have to change.</param>
    /// <param name="rest">The end of a sentence that begins with its name.</param>
    public void Refuse(SettingDefinition setting, string rest) => Add(Find(setting)?.Source ?? setting.Name, rest);

    private SettingValue? Content(SettingValue path)
    {
        try
        {
            var text = RegularFile.ReadAllText(path.Text).Trim();
            if (text.Length > 0) return new SettingValue(text, path.Source);
            Add(path.Source, $"must be a file that is not empty, not '{SettingForm<string>.Quote(path.Text)}'.");
        }
        catch (Exception exception)
            when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            Add(
                path.Source,
                $"must be a file that can be read, not '{SettingForm<string>.Quote(path.Text)}', which "
                + $"{RegularFile.ReasonToRefuse(path.Text) ?? "may not be read"}.");
        }

        return null;
    }

    /// <summary>The first that is said of a value is enough.</summary>
    private void Add(string source, string rest) => problems.TryAdd(source, $"{source} {rest}");
}
