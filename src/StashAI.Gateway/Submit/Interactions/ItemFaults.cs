using StashAI.Gateway.Wire.Problems;
using StashAI.Sdk;

namespace StashAI.Gateway.Submit.Interactions;

/// <summary>Validates items of batches with the same messages as the routes for single items.</summary>
internal static class ItemFaults
{
    public static ItemFault? Of(Action read)
    {
        try
        {
            read();
            return null;
        }
        catch (RequestException exception)
        {
            var field = exception.Problem.Errors is [{ Field: { } at }, ..] && at != "body" ? at : "";
            var reason = exception.Problem.Detail;
            return new ItemFault(
                field,
                field.Length > 0 && reason.StartsWith($"{field}: ", StringComparison.Ordinal) ? reason[(field.Length + 2)..] : reason);
        }
    }
}
