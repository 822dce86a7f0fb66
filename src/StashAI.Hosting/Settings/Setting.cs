namespace StashAI.Hosting.Settings;

/// <summary>A setting with values of one type.</summary>
public sealed class Setting<T>(SettingForm<T> form) : SettingDefinition
{
    public SettingForm<T> Form => form;

    /// <summary>The value where none is set.</summary>
    public required T Default { get; init; }

    /// <summary>How a value of a secret may be printed; null for not at all.</summary>
    public Func<T, string?>? Show { get; init; }

    public override string Values => form.Values;

    public override string Display(string text)
    {
        var value = form.Read(text, IsSecret);
        return Show is { } show ? show(value) ?? "***" : IsSecret ? "***" : text;
    }
}
