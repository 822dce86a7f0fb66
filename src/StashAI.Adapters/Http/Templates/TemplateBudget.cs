namespace StashAI.Adapters.Http.Templates;

/// <summary>
/// The budget that all templates of a call share: steps, characters written (including captures and filters), and time. A template can
/// double a text in every turn of a loop, so texts are counted before they are created.
/// </summary>
internal sealed class TemplateBudget(long inputCharacters, TimeProvider clock, CancellationToken cancellationToken)
{
    /// <summary>The most steps: statements, outputs, filters, and turns of loops.</summary>
    public const int MaxSteps = 1_000_000;

    /// <summary>The most elements of a range, a split text or a concatenated list.</summary>
    public const int MaxElements = 100_000;

    /// <summary>The characters that may be written in addition to a multiple of the input.</summary>
    public const int BaseCharacters = 16 << 20;

    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(10);

    private readonly long maxCharacters = BaseCharacters + (8 * inputCharacters);
    private long steps;
    private long characters;
    private long started;
    private TimeSpan elapsed;

    /// <summary>Starts the clock, before a template is rendered.</summary>
    public void Start() => started = clock.GetTimestamp();

    /// <summary>Stops the clock, after a template was rendered.</summary>
    public void Stop() => elapsed += clock.GetElapsedTime(started);

    /// <summary>Counts steps.</summary>
    /// <exception cref="RenderException">There are too many steps, or the time is over.</exception>
    public void CountSteps(long count = 1)
    {
        cancellationToken.ThrowIfCancellationRequested();
        steps += count;
        if (steps > MaxSteps)
        {
            throw new RenderException($"the template needs more than {MaxSteps} steps: make its loops shorter.", isLimit: true);
        }

        if (elapsed + clock.GetElapsedTime(started) > MaxTime)
            throw new RenderException($"the template takes longer than {MaxTime.TotalSeconds:0} s: make it simpler.", isLimit: true);
    }

    /// <summary>Counts characters that are about to be written.</summary>
    /// <exception cref="RenderException">There would be too many characters.</exception>
    public void CountCharacters(long count)
    {
        CountSteps();
        characters += count;
        if (characters > maxCharacters)
        {
            throw new RenderException(
                $"the template writes more than {maxCharacters} characters, including captures and filters: make it repeat less.",
                isLimit: true);
        }
    }

    /// <summary>Counts the elements of a list that is about to be created.</summary>
    /// <exception cref="RenderException">The list would be too long.</exception>
    public void CountElements(long count)
    {
        if (count > MaxElements)
        {
            throw new RenderException(
                $"the template creates a list of {count} elements; at most {MaxElements} are allowed: make it shorter.", isLimit: true);
        }

        CountSteps(count);
    }
}
