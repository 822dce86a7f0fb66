using System.Text.Encodings.Web;
using Fluid;
using Fluid.Ast;
using Fluid.Values;
using StashAI.Adapters.Http.Schemas;

namespace StashAI.Adapters.Http.Templates;

/// <summary>Literal text that counts against the budget.</summary>
internal sealed class CheckedText(TextSpanStatement inner) : Statement
{
    public override ValueTask<Completion> WriteToAsync(TextWriter writer, TextEncoder encoder, TemplateContext context)
    {
        ((RenderContext)context).Budget.CountCharacters(inner.Text.Length);
        return inner.WriteToAsync(writer, encoder, context);
    }
}

/// <summary>Checks the budget in each turn of a loop, even if the turn writes nothing.</summary>
internal sealed class CheckedIteration : Statement
{
    public override ValueTask<Completion> WriteToAsync(TextWriter writer, TextEncoder encoder, TemplateContext context)
    {
        ((RenderContext)context).Budget.CountSteps(0);
        return new(Completion.Normal);
    }
}

/// <summary>The value of an output as text, in the form of the output.</summary>
internal sealed class CheckedOutput(Expression output, OutputForm form, string source, bool isCaptured = false) : Expression
{
    private readonly Expression inner = OpenedText.Inside(output);

    public override async ValueTask<FluidValue> EvaluateAsync(TemplateContext context)
    {
        var render = (RenderContext)context;
        var json = inner is CheckedFilter { IsJson: true } filter ? filter : null;
        var value = json is null ? await inner.EvaluateAsync(context) : await json.EvaluateInputAsync(context);
        if (TryWriteLarge(value, json is not null, render) is { } large) return new StringValue(large, false);
        if (json is not null) value = await json.ApplyAsync(value, context);
        try
        {
            var text = form == OutputForm.Json ? TemplateText.Json(value) : ToText(value, render);
            if (value is NoValue) render.HasOmittedOutput = true;
            render.Budget.CountCharacters(text.Length);
            return new StringValue(text, false);
        }
        catch (RenderException exception) when (!exception.IsLimit)
        {
            throw new RenderException($"{{{{ {source} }}}}: {exception.Message}");
        }
    }

    public override string ToString() => inner.ToString() ?? "";

    /// <summary>Writes a token for a large value that the body takes as it is; null for others. A captured text may be changed.</summary>
    private string? TryWriteLarge(FluidValue value, bool isJson, RenderContext render)
    {
        if (isCaptured || form is not (OutputForm.Text or OutputForm.Json)) return null;
        long characters;
        // The JSON of a value in JSON is a text that contains it, unlike the value itself.
        var token = isJson
            ? form == OutputForm.Text ? render.Values.Large.TryWriteJson(value, out characters) : None(out characters)
            : form == OutputForm.Json
                ? render.Values.Large.TryWriteJson(value, out characters)
                : render.Values.Large.TryWriteText(value, out characters);
        if (token is not null) render.Budget.CountCharacters(characters);
        return token;

        static string? None(out long characters)
        {
            characters = 0;
            return null;
        }
    }

    private string ToText(FluidValue value, RenderContext render)
    {
        var text = TemplateText.Of(value);
        if (form == OutputForm.Text) return text ?? "";
        if (render.HasFile(text ?? "")) throw new RenderException("a file cannot be used here: use it in a body or a query.");
        if (form != OutputForm.PathSegment) return text ?? "";
        return Uri.EscapeDataString(
            text ?? throw new RenderException("it was not given, but a path needs it: give a value or declare a default."));
    }
}

/// <summary>
/// A filter whose input and result count against the budget. It refuses missing values, and files unless the filter accepts them.
/// </summary>
internal sealed class CheckedFilter(Expression input, string name, FilterDelegate filter, IReadOnlyList<FilterArgument> parameters)
    : Expression
{
    /// <summary>True for the filter that writes a value as JSON.</summary>
    public bool IsJson => name == "json" && parameters.Count == 0;

    public override async ValueTask<FluidValue> EvaluateAsync(TemplateContext context) =>
        await ApplyAsync(await EvaluateInputAsync(context), context);

    /// <summary>The value that the filter is applied to.</summary>
    public ValueTask<FluidValue> EvaluateInputAsync(TemplateContext context) => OpenedText.Inside(input).EvaluateAsync(context);

    /// <summary>Applies the filter to a value.</summary>
    public async ValueTask<FluidValue> ApplyAsync(FluidValue given, TemplateContext context)
    {
        var render = (RenderContext)context;
        var value = LargeText.Open(given);
        var arguments = new FilterArguments();
        long size = Size(value);
        foreach (var parameter in parameters)
        {
            var argument = await parameter.Expression.EvaluateAsync(context);
            Check(argument, render, "default");
            size += Size(argument);
            arguments.Add(parameter.Name, argument);
        }

        Check(value, render, "default");
        render.Budget.CountCharacters(size * TemplateFilters.MaxGrowth(name));
        FluidValue result;
        try
        {
            result = await filter(value, arguments, context);
        }
        catch (Exception exception) when (exception is not (RenderException or OperationCanceledException or OutOfMemoryException))
        {
            throw new RenderException($"the filter {name} failed: {Excerpt.Of(exception.Message, 200)}");
        }

        render.Budget.CountCharacters(Size(result));
        return result;
    }

    private static long Size(FluidValue value) => value switch
    {
        StringValue text => text.ToStringValue().Length,
        ArrayValue { Values: JsonList } => 1,
        ArrayValue array => array.Values.Count,
        _ => 1,
    };

    private void Check(FluidValue value, RenderContext render, string tolerant)
    {
        if (value is NoValue { Reason: { } reason } && name != tolerant) throw new RenderException(reason);
        if (TemplateFilters.AcceptsFiles(name)) return;
        if (value is TemplateFile || (value is StringValue text && render.HasFile(text.ToStringValue())))
            throw new RenderException(TemplateFilters.FileRefusal(name));
    }
}

/// <summary>
/// A value by its name, as an ordinary text if it is a large one: only outputs and filters know what to do with large texts.
/// </summary>
internal sealed class OpenedText(MemberExpression member) : Expression
{
    /// <summary>The expression without this; any other expression unchanged.</summary>
    public static Expression Inside(Expression expression) => expression is OpenedText opened ? opened.Member : expression;

    private MemberExpression Member => member;

    public override async ValueTask<FluidValue> EvaluateAsync(TemplateContext context) =>
        LargeText.Open(await member.EvaluateAsync(context));

    public override string ToString() => member.ToString() ?? "";
}

/// <summary>A range whose elements count against the budget before they are created.</summary>
internal sealed class CheckedRange(Expression from, Expression to) : Expression
{
    public override async ValueTask<FluidValue> EvaluateAsync(TemplateContext context)
    {
        var (first, last) = (await Bound(from, context), await Bound(to, context));
        var count = Math.Max(0, last - first + 1);
        ((RenderContext)context).Budget.CountElements(count);
        var values = new FluidValue[count];
        for (var i = 0; i < values.Length; i++) values[i] = NumberValue.Create(first + i);
        return new ArrayValue(values);
    }

    private static async ValueTask<long> Bound(Expression expression, TemplateContext context)
    {
        var number = (await expression.EvaluateAsync(context)).ToNumberValue();
        return number == decimal.Floor(number) && Math.Abs(number) < long.MaxValue / 4
            ? (long)number
            : throw new RenderException($"the bounds of a range must be whole numbers, not {NumberText.Of(number)}.");
    }
}

/// <summary>The list of a loop, whose elements count against the budget before the loop starts.</summary>
internal sealed class CheckedLoopSource(Expression inner) : Expression
{
    public override async ValueTask<FluidValue> EvaluateAsync(TemplateContext context)
    {
        var value = await inner.EvaluateAsync(context);
        if (value is NoValue { Reason: { } reason }) throw new RenderException(reason);
        if (value is TemplateFile) throw new RenderException("a loop cannot iterate over a file.");
        if (value is JsonObject known) ((RenderContext)context).Budget.CountElements(known.Count);
        if (value is ArrayValue array) ((RenderContext)context).Budget.CountSteps(array.Values.Count);
        return value;
    }
}

/// <summary>An operand of a comparison: converts a number with many digits to a decimal, or fails if it has too many.</summary>
internal sealed class CheckedOperand(Expression inner) : Expression
{
    public override async ValueTask<FluidValue> EvaluateAsync(TemplateContext context)
    {
        var value = await inner.EvaluateAsync(context);
        return value is JsonNumber ? NumberValue.Create(value.ToNumberValue()) : value;
    }
}
