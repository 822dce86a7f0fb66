namespace StashAI.Adapters.Http.Templates;

/// <summary>
/// What all templates of one call may take together: steps, characters written (also into captures and by filters), and time. A template
/// can double a text in every turn of a loop, so each is counted before it is made.
/// </summary>
internal sealed class TemplateBudget(long givenCharacters, TimeProvider clock, CancellationToken cancellationToken)
{
    /// <summary>Statements, outputs, filters, and elements of loops.</summary>
    public const int MaxSteps = 1_000_000;

    /// <summary>Elements of a range, a split text or a joined list.</summary>
    public const int MaxElements = 100_000;

    /// <summary>What may be written beside a multiple of what was given.</summary>
    public const int BaseCharacters = 16 << 20;

    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(10);

    private readonly long maxCharacters = BaseCharacters + (8 * givenCharacters);
    private long steps;
    private long characters;
    private long started;
    private TimeSpan spent;

    /// <summary>A template begins.</summary>
    public void Start() => started = clock.GetTimestamp();

    /// <summary>It has ended.</summary>
    public void Stop() => spent += clock.GetElapsedTime(started);

    /// <exception cref="RenderException">That was too much.</exception>
    public void Step(long count = 1)
    {
        cancellationToken.ThrowIfCancellationRequested();
        steps += count;
        if (steps > MaxSteps) throw new RenderException($"the template takes more than {MaxSteps} steps: make its loops shorter.", isLimit: true);
        if (spent + clock.GetElapsedTime(started) > MaxTime)
            throw new RenderException($"the template takes longer than {MaxTime.TotalSeconds:0} s: make it simpler.", isLimit: true);
    }

    /// <summary>Characters that are about to be made.</summary>
    /// <exception cref="RenderException">They would be too many.</exception>
    public void Write(long count)
    {
        Step();
        characters += count;
        if (characters > maxCharacters)
            throw new RenderException($"the template writes more than {maxCharacters} characters, with what it captures and filters: repeat less.", isLimit: true);
    }

    /// <exception cref="RenderException">A list would be too long.</exception>
    public void Elements(long count)
    {
        if (count > MaxElements) throw new RenderException($"the template makes a list of {count} elements (limit {MaxElements}): make it shorter.", isLimit: true);
        Step(count);
    }
}
