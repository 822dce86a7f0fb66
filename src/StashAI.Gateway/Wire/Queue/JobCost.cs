using System.Buffers;
using System.Text.Json;
using StashAI.Adapters.Http.Declarations;
using StashAI.Gateway.Wire.Json;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;

namespace StashAI.Gateway.Wire.Queue;

/// <summary>
/// What jobs and tasks cost. The price at the submit is stored in <c>job_config</c>, so that later changes of the service's declaration do
/// not affect it.
/// </summary>
internal static class JobCost
{
    /// <summary>Dividing by it removes the zeros at the end of a decimal number.</summary>
    private const decimal One = 1.0000000000000000000000000000m;

    /// <summary>Adds the price to a configuration; null adds nothing.</summary>
    public static ReadOnlyMemory<byte> Keep(ReadOnlyMemory<byte> config, DeclaredCost? cost)
    {
        if (cost is null) return config;
        var buffer = new ArrayBufferWriter<byte>(config.Length + 32);
        using (var json = new Utf8JsonWriter(buffer, WireJson.Options))
        {
            json.WriteStartObject();
            if (!config.IsEmpty)
            {
                using var document = JsonDocument.Parse(config);
                foreach (var property in document.RootElement.EnumerateObject()) property.WriteTo(json);
            }

            StoredCost.Write(json, cost);
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    /// <summary>
    /// Writes <c>estimated_cost</c>, the price of an item times the number of items; null when there is no price, or tokens are paid.
    /// </summary>
    public static void WriteEstimate(Utf8JsonWriter json, ReadOnlyMemory<byte> config, int items) =>
        WritePrice(json, "estimated_cost", StoredCost.PerItem(config) * items);

    /// <summary>Writes both: the estimate, and <c>cost</c>, what the calls have cost so far.</summary>
    public static void Write(Utf8JsonWriter json, JobView job)
    {
        WriteEstimate(json, job.Config, job.Counters.Total);
        WritePrice(json, "cost", Of(job));
    }

    /// <summary>What a job cost so far: nothing where all results so far were known already; null where it is not known.</summary>
    public static decimal? Of(JobView job) =>
        job.Cost ?? (job.Counters.Cached > 0 && job.Counters.Cached == job.Counters.Completed ? 0 : null);

    /// <summary>What a task cost: nothing when its result was known already; null where it is not known.</summary>
    public static decimal? Of(TaskView task) => task.IsCached ? 0 : task.Cost;

    /// <summary>Writes a price, exactly.</summary>
    public static void WritePrice(Utf8JsonWriter json, string name, decimal? price)
    {
        if (price is { } number) json.WriteNumber(name, Shortened(number));
        else json.WriteNull(name);
    }

    /// <summary>The same number without zeros at its end.</summary>
    public static decimal Shortened(decimal price) => price / One;
}
