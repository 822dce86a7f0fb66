using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace StashAI.Hosting.Settings;

/// <summary>The forms that settings share, so that every program and command accepts the same words.</summary>
public static class SettingForms
{
    /// <summary>In place of a number of days: it is kept forever.</summary>
    private const string Never = "never";

    /// <summary>`true` and `false`, also `1` and `0`, `yes` and `no`, `on` and `off`.</summary>
    public static SettingForm<bool> Flag { get; } = new("`true` or `false`", "true or false", (text, out value) =>
    {
        var word = text.ToUpperInvariant();
        value = word is "TRUE" or "1" or "YES" or "ON";
        return value || word is "FALSE" or "0" or "NO" or "OFF";
    });

    /// <summary>A flag that the program decides by itself for `auto`, which is null.</summary>
    public static SettingForm<bool?> AutoFlag { get; } = new("`auto`, `true` or `false`", "auto, true or false", (text, out value) =>
    {
        value = Flag.Parse(text, out var flag) ? flag : null;
        return value is not null || text.Equals("auto", StringComparison.OrdinalIgnoreCase);
    });

    /// <summary>Any text.</summary>
    public static SettingForm<string?> Text { get; } = new("text", "a text", (text, out value) =>
    {
        value = text;
        return true;
    });

    /// <summary>The absolute path of a folder to keep things in, which may not exist yet.</summary>
    public static SettingForm<string?> Folder { get; } = new("folder", "a folder", (text, out value) =>
    {
        value = PathOf(text);
        return value is not null && !File.Exists(value);
    });

    /// <summary>The absolute path of a file, which may not exist yet.</summary>
    public static SettingForm<string?> FilePath { get; } = new(
        "file", "a file", (text, out value) =>
        {
            value = PathOf(text);
            return value is not null && !Directory.Exists(value) && !Path.EndsInDirectorySeparator(text);
        });

    /// <summary>The http:// or https:// address of a server, without user, query or fragment.</summary>
    public static SettingForm<Uri?> Address(string requirement) => new("URL", requirement, (text, out value) =>
        Uri.TryCreate(text, UriKind.Absolute, out value) && value is { Scheme: "http" or "https", Query: "", Fragment: "", UserInfo: "" });

    /// <summary>A whole number.</summary>
    /// <param name="least">The least that is valid.</param>
    /// <param name="most">The most that is valid.</param>
    /// <param name="noun">What is counted, for the table: `connections`.</param>
    /// <param name="remark">What an error adds, beginning with a space or a comma.</param>
    public static SettingForm<int> WholeNumber(int least, int most, string noun = "", string remark = "") => new(
        Values(least, most, noun, int.MaxValue), Range("a whole number", least, most) + remark,
        (text, out value) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= least
            && value <= most);

    /// <summary>A size in bytes, or another whole number of many digits.</summary>
    public static SettingForm<long> Bytes(long least, long most, string noun = "bytes", string remark = "") => new(
        Values(least, most, noun, long.MaxValue) + remark, Range("a whole number", least, most) + remark,
        (text, out value) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= least
            && value <= most);

    /// <summary>A number, which may have a decimal point.</summary>
    public static SettingForm<double> Number(double least, double most, string noun = "") => new(
        Values(least, most, noun, double.MaxValue),
        Range("a number", least, most),
        (text, out value) => IsNumber(text, least, most, out value));

    /// <summary>A duration in seconds.</summary>
    public static SettingForm<TimeSpan> Seconds(double least, double most) => new(
        Values(least, most, "seconds", double.MaxValue), Range("a number of seconds", least, most), (text, out value) =>
        {
            var isValid = IsNumber(text, least, most, out var seconds);
            value = isValid ? TimeSpan.FromSeconds(seconds) : default;
            return isValid;
        });

    /// <summary>A duration in days; null for `never`.</summary>
    public static SettingForm<TimeSpan?> DaysOrNever(double least, double most) => new(
        Values(least, most, "days", double.MaxValue) + $", or `{Never}`",
        Range("a number of days", least, most) + $", or '{Never}' to remove nothing",
        (text, out value) =>
        {
            value = IsNumber(text, least, most, out var days) ? TimeSpan.FromDays(days) : null;
            return value is not null || text.Equals(Never, StringComparison.OrdinalIgnoreCase);
        });

    /// <summary>One of some words, whose case does not count.</summary>
    public static SettingForm<T> Word<T>(params (string Word, T Value)[] words)
    {
        return new SettingForm<T>(Or(words.Select(one => $"`{one.Word}`")), Or(words.Select(one => one.Word)), Parse);

        bool Parse(string text, [MaybeNullWhen(false)] out T value)
        {
            var at = Array.FindIndex(words, one => one.Word.Equals(text, StringComparison.OrdinalIgnoreCase));
            value = at < 0 ? default : words[at].Value;
            return at >= 0;
        }
    }

    /// <summary>A list. The error names the entry that is not valid.</summary>
    /// <param name="values">The entries in a few words, for the table.</param>
    /// <param name="entry">What each entry must be, for an error.</param>
    /// <param name="parse">Reads an entry; null when it is not valid.</param>
    /// <param name="separators">What separates entries.</param>
    public static SettingForm<IReadOnlyList<T>?> List<T>(string values, string entry, Func<string, T?> parse, params char[] separators)
        where T : class =>
        new(
            values, $"a list, each entry {entry}", (text, out value) =>
            {
                var entries = text.Split(
                    separators.Length > 0 ? separators : [','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
                value = [.. entries.Select(
                    one => parse(one) ?? throw new FormatException($"'{SettingForm<T>.Quote(one)}' must be {entry}."))];
                return true;
            });

    /// <summary>The same form, for a setting that has no value where none is set.</summary>
    public static SettingForm<T?> OrNull<T>(this SettingForm<T> form) where T : struct =>
        new(form.Values, form.Requirement, (text, out value) =>
        {
            var isValid = form.Parse(text, out var given);
            value = isValid ? given : null;
            return isValid;
        });

    /// <summary>The absolute path; null for a text that is no path.</summary>
    public static string? PathOf(string text)
    {
        try
        {
            return Path.GetFullPath(text);
        }
        catch (Exception exception) when (exception is ArgumentException or PathTooLongException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>NaN and infinity are in no range.</summary>
    private static bool IsNumber(string text, double least, double most, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && value >= least && value <= most;

    private static string Range<T>(string kind, T least, T most) =>
        string.Create(CultureInfo.InvariantCulture, $"{kind} from {least} to {most}");

    private static string Values<T>(T least, T most, string noun, T endless) where T : IComparable<T>
    {
        var range = most.CompareTo(endless) >= 0 ? $"from {least}" : $"{least} to {most}";
        return string.Create(CultureInfo.InvariantCulture, $"{(noun.Length > 0 ? $"{noun}, " : "")}{range}");
    }

    private static string Or(IEnumerable<string> words)
    {
        var all = words.ToList();
        return all.Count == 1 ? all[0] : $"{string.Join(", ", all[..^1])} or {all[^1]}";
    }
}
