using System.Buffers;
using System.Text;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;

namespace StashAI.Storage.Payloads;

/// <summary>Reads inputs that are kept with the payloads.</summary>
internal static class LargeInputs
{
    /// <summary>The JSON that a row stands for; null for null.</summary>
    /// <exception cref="PayloadLostException">Bytes are missing, or not those that were stored.</exception>
    public static async Task<byte[]?> ResolveAsync(byte[]? stored, IPayloads payloads, CancellationToken cancellationToken) =>
        stored is not null && StoredInput.Find(stored) is { } large
            ? (await payloads.ReadLargeInputAsync(large, cancellationToken)).ToArray()
            : stored;

    /// <summary>True when an input has a text, in upper or lower case. The input is read in pieces.</summary>
    public static async Task<bool> ContainsAsync(
        LargeInput large, string text, IPayloads payloads, CancellationToken cancellationToken)
    {
        var decoder = Encoding.UTF8.GetDecoder();
        var window = ArrayPool<char>.Shared.Rent(text.Length + IPayloads.MaxPiece + 1);
        try
        {
            var kept = 0;
            await foreach (var piece in payloads.ReadPayloadAsync(large.PayloadKey, large.Size, cancellationToken))
            {
                var length = kept + decoder.GetChars(piece.Span, window.AsSpan(kept), flush: false);
                if (window.AsSpan(0, length).Contains(text, StringComparison.OrdinalIgnoreCase)) return true;
                // The text may begin at the end of this piece.
                kept = Math.Min(length, text.Length);
                window.AsSpan(length - kept, kept).CopyTo(window);
            }

            return false;
        }
        catch (PayloadLostException)
        {
            // Nothing is known of it any more, and a list does not fail for one of its tasks: its call says what is missing.
            return false;
        }
        finally
        {
            ArrayPool<char>.Shared.Return(window);
        }
    }
}
