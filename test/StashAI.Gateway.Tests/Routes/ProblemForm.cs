using System.Text.Json;

namespace StashAI.Gateway.Tests.Routes;

/// <summary>The form of every problem: a reason stands beside its field and does not name it again.</summary>
internal static class ProblemForm
{
    public static void Check(JsonElement problem)
    {
        if (!problem.TryGetProperty("errors", out var errors)) return;
        foreach (var error in errors.EnumerateArray())
        {
            var reason = error.Text("reason");
            Assert.NotEqual("", reason);
            if (!error.TryGetProperty("field", out var field)) continue;
            Assert.False(
                reason.StartsWith($"{field.GetString()}:", StringComparison.Ordinal)
                || reason.StartsWith($"{field.GetString()} ", StringComparison.Ordinal),
                $"{field}: {reason}");
        }
    }
}
