using System.Globalization;
using System.Text.RegularExpressions;

namespace StashAI.Visage.Sprites;

/// <summary>Reads a WebVTT file whose cues refer to rectangles of a sprite sheet: <c>sheet.jpg#xywh=0,0,160,90</c>.</summary>
internal static partial class VttReader
{
    /// <exception cref="FormatException">A line is not valid; the message names it.</exception>
    public static IReadOnlyList<SpriteCue> Read(string vtt)
    {
        var cues = new List<SpriteCue>();
        (TimeSpan Start, TimeSpan End)? times = null;
        var number = 0;
        foreach (var line in vtt.EnumerateLines())
        {
            number++;
            if (TimingPattern().Match(line.ToString()) is { Success: true } timing)
            {
                times = (Time(timing, "s", number), Time(timing, "e", number));
            }
            else if (times is { } known && RectanglePattern().Match(line.ToString()) is { Success: true } place)
            {
                cues.Add(new(
                    known.Start, known.End, Number(place, 1, number), Number(place, 2, number), Number(place, 3, number),
                    Number(place, 4, number)));
                times = null;
            }
            else if (times is not null && !line.IsWhiteSpace())
            {
                throw new FormatException(
                    $"line {number} must be the rectangle of a picture on the sheet, such as sheet.jpg#xywh=0,0,160,90");
            }
        }

        return cues.Count > 0 ? cues : throw new FormatException("no cue has a rectangle on the sheet, such as sheet.jpg#xywh=0,0,160,90");
    }

    private static TimeSpan Time(Match timing, string prefix, int line)
    {
        int Part(string name) =>
            timing.Groups[prefix + name] is { Success: true } group ? int.Parse(group.ValueSpan, CultureInfo.InvariantCulture) : 0;
        var (minutes, seconds) = (Part("m"), Part("s"));
        return minutes < 60 && seconds < 60
            ? new TimeSpan(0, Part("h"), minutes, seconds, Part("f"))
            : throw new FormatException($"line {line} has a time that is not valid");
    }

    private static int Number(Match place, int group, int line) =>
        int.TryParse(place.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new FormatException($"line {line} has a number that is too large");

    [GeneratedRegex(
        @"^\s*(?:(?<sh>[0-9]{1,4}):)?(?<sm>[0-9]{2}):(?<ss>[0-9]{2})\.(?<sf>[0-9]{3})\s+-->\s+(?:(?<eh>[0-9]{1,4}):)?(?<em>[0-9]{2}):(?<es>[0-9]{2})\.(?<ef>[0-9]{3})")]
    private static partial Regex TimingPattern();

    [GeneratedRegex("#xywh=(?:pixel:)?([0-9]+),([0-9]+),([0-9]+),([0-9]+)\\s*$")]
    private static partial Regex RectanglePattern();
}
