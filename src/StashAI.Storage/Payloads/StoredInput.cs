using System.Globalization;
using System.Text;
using StashAI.Queue.Model.Tasks;

namespace StashAI.Storage.Payloads;

/// <summary>
/// What the row of a task has as its input: the JSON itself, or a reference to the payload that has it. A reference begins with a byte that
/// no JSON begins with: <c>0x01 KEY SIZE ID</c>, where the id is the client's, as JSON, or nothing.
/// </summary>
internal static class StoredInput
{
    /// <summary>Its place among the parts of the task. The parts that the client knows are counted from 0.</summary>
    public const int Ordinal = -1;

    private const byte Mark = 1;

    /// <summary>The reference to a payload.</summary>
    public static byte[] Reference(LargeInput large) =>
        [Mark, .. Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{large.PayloadKey} {large.Size} {large.ItemId}"))];

    /// <summary>The JSON of a row; empty for a reference.</summary>
    public static byte[] InRow(byte[] stored) => stored is [Mark, ..] ? [] : stored;

    /// <summary>The reference of a row; null for JSON and for no input.</summary>
    public static LargeInput? Find(byte[] stored)
    {
        if (stored is not [Mark, ..]) return null;
        var parts = Encoding.UTF8.GetString(stored.AsSpan(1)).Split(' ', 3);
        return new LargeInput(
            long.Parse(parts[0], CultureInfo.InvariantCulture), long.Parse(parts[1], CultureInfo.InvariantCulture),
            parts[2].Length == 0 ? null : parts[2]);
    }
}
