using StashAI.Adapters.Http.Schemas;

namespace StashAI.Adapters.Http.Messages;

/// <summary>
/// Follows the calls of tools and their results: OpenAI's form has the result of every call directly behind the message with the calls, and
/// each once. Servers refuse any other order with words about fields that the sender never wrote.
/// </summary>
internal sealed class ToolTurns(MappingFaults faults)
{
    /// <summary>The calls of the last message that have no result yet, in order.</summary>
    private readonly List<string> open = [];
    private bool isReported;

    /// <summary>A call of a tool.</summary>
    /// <param name="id">Its id; null for one that is missing, which is a fault already.</param>
    /// <param name="path">The field with the id.</param>
    public void Call(string? id, string path)
    {
        if (id is null) return;
        if (open.Contains(id)) faults.Add(path, $"'{Excerpt.Of(id)}' is the id of an earlier tool_use too: each needs its own");
        else open.Add(id);
    }

    /// <summary>The result of a call.</summary>
    /// <param name="id">The id of the call; null for one that is missing, which is a fault already.</param>
    /// <param name="path">The field with the id.</param>
    public void Result(string? id, string path)
    {
        if (id is null || open.Remove(id)) return;
        faults.Add(
            path,
            $"'{Excerpt.Of(id)}' is not the id of a tool_use in the message of the assistant directly before, or has a result already");
    }

    /// <summary>A message of the assistant, or anything in one of the user that is not a result.</summary>
    /// <param name="path">Where it is.</param>
    public void Other(string path)
    {
        if (open.Count == 0 || isReported) return;
        isReported = true;
        faults.Add(
            path,
            $"comes before the tool_result of '{Excerpt.Of(open[0])}': put the results of all tools first, directly behind their calls");
    }

    /// <summary>Begins a message of the assistant, whose calls are those that wait for results.</summary>
    /// <param name="path">Where it is.</param>
    public void BeginAssistant(string path)
    {
        Other(path);
        open.Clear();
        isReported = false;
    }

    /// <summary>Ends the messages.</summary>
    /// <param name="path">The last message, which is of the user.</param>
    public void End(string path)
    {
        if (open.Count > 0 && !isReported)
            faults.Add(path, $"has no tool_result of '{Excerpt.Of(open[0])}', which the assistant called: add it");
    }
}
