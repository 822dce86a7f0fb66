using System.Text.Json;
using StashAI.Gateway.Wire.Queue;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;

namespace StashAI.Gateway.Routes.Jobs;

/// <summary>
/// What the items of a job ask a language model, beside their results. It is read from the items, which are read with the results, and is
/// not stored again.
/// </summary>
/// <param name="areShown">True for a job of an operation that asks a language model.</param>
internal sealed class Prompts(bool areShown)
{
    public const string Field = "prompt";

    /// <summary>True when results of the job have a prompt.</summary>
    public bool AreShown => areShown;

    /// <summary>The prompts of a job.</summary>
    public static Prompts Of(JobView job, Operations operations) => new(operations.AskModel(job.Service, job.TaskType));

    /// <summary>Writes the prompt of a task, where its job has prompts.</summary>
    public void Write(Utf8JsonWriter json, TaskView task)
    {
        if (areShown) json.WriteString(Field, Of(task));
    }

    /// <summary>What a task's item asks, as <see cref="ItemTexts.PromptOf"/> reads it; null where its job has no prompts.</summary>
    public string? Of(TaskView task) => areShown ? ItemTexts.PromptOf(task) : null;
}
