using StashAI.Client.Errors;
using StashAI.Client.Models;

namespace StashAI.Client;

/// <summary>Finds the job whose id begins with some digits.</summary>
internal static class IdSearch
{
    private const int MinDigits = 4;

    public static async Task<Guid> FindJobAsync(StashClient client, string text, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Guid.TryParse(text, out var whole)) return whole;
        var digits = text.Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();
        if (digits.Length is < MinDigits or > 32 || !digits.All(char.IsAsciiHexDigitLower))
            throw new IdPrefixException($"'{text}' is not the id of a job; use the id, or at least its first {MinDigits} digits.");
        Job? found = null;
        var query = new JobQuery { IdPrefix = digits, PageSize = 2 };
        await foreach (var job in client.JobsAsync(query, cancellationToken).ConfigureAwait(false))
        {
            if (found is not null)
            {
                throw new IdPrefixException(
                    $"'{text}' is the beginning of several ids, such as {found.Id} and {job.Id}; give more digits.");
            }

            found = job;
        }

        return found?.Id ?? throw new IdPrefixException($"No job's id begins with '{text}'.");
    }
}
