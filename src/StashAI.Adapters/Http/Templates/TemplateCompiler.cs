using Fluid.Ast;
using Fluid.Ast.BinaryExpressions;
using Fluid.Values;
using StashAI.Adapters.Http.Schemas;

namespace StashAI.Adapters.Http.Templates;

/// <summary>
/// Rewrites a parsed template: refuses what can never work (unknown names and filters, objects and files where a text is needed, loops that
/// are too long), and inserts the checks that run during rendering.
/// </summary>
internal sealed class TemplateCompiler(string text, TemplateScope scope, OutputForm form, IReadOnlySet<string> locals) : AstRewriter
{
    private long turns = 1;
    private bool isCaptured;

    public override Statement Visit(Statement statement) => statement is null ? null! : base.Visit(statement);

    public override Expression Visit(Expression expression) => expression is null ? null! : base.Visit(expression);

    protected override Statement VisitTextSpanStatement(TextSpanStatement textSpanStatement) => new CheckedText(textSpanStatement);

    protected override Statement VisitOutputStatement(OutputStatement outputStatement)
    {
        var expression = outputStatement.Expression;
        CheckOutput(expression);
        return new OutputStatement(new CheckedOutput(Visit(expression), form, SourceOf(expression), isCaptured));
    }

    protected override Statement VisitCycleStatement(CycleStatement cycleStatement) =>
        new CycleStatement(
            cycleStatement.Group,
            [.. cycleStatement.Values.Select(value => new CheckedOutput(Visit(value), form, SourceOf(value), isCaptured))]);

    protected override Statement VisitCaptureStatement(CaptureStatement captureStatement)
    {
        var before = isCaptured;
        isCaptured = true;
        var rewritten = base.VisitCaptureStatement(captureStatement);
        isCaptured = before;
        return rewritten;
    }

    protected override Statement VisitForStatement(ForStatement forStatement)
    {
        var before = turns;
        if (LiteralCount(forStatement.Source) is { } count)
        {
            if (count > TemplateBudget.MaxElements)
            {
                throw ErrorAt(
                    "..", $"a loop may have at most {TemplateBudget.MaxElements} elements, and this range has {count}: make it shorter.");
            }

            if (!Contains<BreakStatement>(forStatement.Statements)) turns *= Math.Max(1, count);
        }

        if (turns > TemplateBudget.MaxSteps)
        {
            throw ErrorAt(
                "for",
                $"these nested loops have {turns} turns in total, but a template may have at most "
                + $"{TemplateBudget.MaxSteps} steps: make them shorter.");
        }

        var source = new CheckedLoopSource(Visit(forStatement.Source));
        var offset = forStatement.OffsetIsContinue ? forStatement.Offset : Visit(forStatement.Offset);
        TryRewriteStatements(forStatement.Statements, out var statements);
        var rewritten = new ForStatement(
            [new CheckedIteration(), .. statements], forStatement.Identifier, source, Visit(forStatement.Limit), offset,
            forStatement.Reversed, Visit(forStatement.Else) as ElseStatement);
        turns = before;
        return rewritten;
    }

    protected override Expression VisitFilterExpression(FilterExpression filterExpression)
    {
        if (!TemplateFilters.All.TryGetValue(filterExpression.Name, out var filter))
        {
            throw ErrorAt(
                filterExpression.Name,
                $"there is no filter '{Excerpt.Of(filterExpression.Name)}'."
                + $"{FieldCheck.Suggest(filterExpression.Name, TemplateFilters.All.Keys)}");
        }

        if (SchemaOf(filterExpression.Input) is { Type: FieldType.File } && !TemplateFilters.AcceptsFiles(filterExpression.Name))
            throw ErrorAt(filterExpression.Name, TemplateFilters.FileRefusal(filterExpression.Name));
        var parameters = filterExpression.Parameters.Select(
            parameter => new FilterArgument(parameter.Name, Visit(parameter.Expression))).ToList();
        return new CheckedFilter(Visit(filterExpression.Input), filterExpression.Name, filter, parameters);
    }

    protected override Expression VisitMemberExpression(MemberExpression memberExpression)
    {
        SchemaOf(memberExpression);
        var segments = memberExpression.Segments.Select(
            segment => segment is IndexerSegment index ? new IndexerSegment(Visit(index.Expression)) : segment).ToList();
        return new OpenedText(new MemberExpression(segments));
    }

    protected override Expression VisitRangeExpression(RangeExpression rangeExpression) =>
        new CheckedRange(Visit(rangeExpression.From), Visit(rangeExpression.To));

    protected override Expression VisitLiteralExpression(LiteralExpression literalExpression) =>
        literalExpression.Value == NilValue.Instance ? new LiteralExpression(NoValue.Optional) : literalExpression;

    protected override Expression VisitEqualBinaryExpression(EqualBinaryExpression equalBinaryExpression) =>
        new EqualBinaryExpression(Visit(equalBinaryExpression.Left), Visit(equalBinaryExpression.Right));

    protected override Expression VisitGreaterThanBinaryExpression(GreaterThanBinaryExpression greaterThanBinaryExpression) =>
        new GreaterThanBinaryExpression(
            new CheckedOperand(Visit(greaterThanBinaryExpression.Left)),
            new CheckedOperand(Visit(greaterThanBinaryExpression.Right)),
            greaterThanBinaryExpression.Strict);

    protected override Expression VisitLowerThanBinaryExpression(LowerThanBinaryExpression lowerThanBinaryExpression) =>
        new LowerThanBinaryExpression(
            new CheckedOperand(Visit(lowerThanBinaryExpression.Left)),
            new CheckedOperand(Visit(lowerThanBinaryExpression.Right)),
            lowerThanBinaryExpression.Strict);

    private static bool Contains<T>(IReadOnlyList<Statement> statements)
        where T : Statement
    {
        var finder = new StatementFinder<T>();
        foreach (var statement in statements) finder.Visit(statement);
        return finder.IsFound;
    }

    /// <summary>The number of elements of a range with literal bounds; null for other expressions.</summary>
    private static long? LiteralCount(Expression source) =>
        source
            is RangeExpression { From: LiteralExpression { Value: NumberValue first }, To: LiteralExpression { Value: NumberValue last } }
            ? (long)Math.Clamp(last.ToNumberValue() - first.ToNumberValue() + 1, 0, long.MaxValue / 2)
            : null;

    private static string SourceOf(Expression expression) => expression switch
    {
        MemberExpression member => string.Concat(member.Segments.Select(
            (segment, index) => segment is IdentifierSegment identifier ? (index == 0 ? "" : ".") + identifier.Identifier : "[...]")),
        FilterExpression filter => $"{SourceOf(filter.Input)} | {filter.Name}",
        _ => "...",
    };

    private void CheckOutput(Expression expression)
    {
        if (expression is LiteralExpression { Value: EmptyValue or BlankValue })
        {
            throw ErrorAt("{{", "this output is empty: write a name such as item or config.key in it.");
        }

        if (form == OutputForm.Json || SchemaOf(expression) is not { } schema) return;
        var name = SourceOf(expression);
        if (schema.Type is FieldType.Record)
        {
            throw ErrorAt(name, $"{name} is an object, which has no text form: use | json, or name one of its members.");
        }

        if (schema.Type is FieldType.Array) throw ErrorAt(name, $"{name} is a list, which has no text form: use | json or | join.");
        if (schema.Type is FieldType.File && form != OutputForm.Text)
        {
            throw ErrorAt(name, $"{name} is a file, which cannot be used here: use it in a body or a query.");
        }
    }

    /// <summary>The declared schema of an expression; null when it is not known.</summary>
    /// <exception cref="TemplateException">The expression uses an unknown name.</exception>
    private FieldSchema? SchemaOf(Expression expression)
    {
        if (expression is not MemberExpression { Segments: var segments } || segments[0] is not IdentifierSegment { Identifier: var root })
        {
            return null;
        }

        if (locals.Contains(root)) return null;
        var schema = scope.Find(root) ?? throw ErrorAt(
            root,
            $"'{Excerpt.Of(root)}' is not known: a template can use "
            + $"{string.Join(", ", scope.Roots.Concat(locals.Where(name => name is not ("forloop" or "parentloop"))))}."
            + $"{FieldCheck.Suggest(root, scope.Roots.Concat(locals))}");
        var path = root;
        foreach (var segment in segments.Skip(1))
        {
            var name = segment switch
            {
                IdentifierSegment identifier => identifier.Identifier,
                IndexerSegment { Expression: LiteralExpression { Value: StringValue key } } => key.ToStringValue(),
                _ => null,
            };
            if (schema.Type == FieldType.Any || (name is null && schema.Type != FieldType.Array)) return null;
            if (name is null) schema = schema.Element ?? FieldSchema.Any;
            else if (TemplateScope.Member(schema, name) is { } member) schema = member;
            else throw ErrorAt(name, $"{path}.{Excerpt.Of(name)} is not known: {TemplateScope.Members(root, schema, name)}");
            path += name is null ? "[...]" : $".{name}";
        }

        return schema;
    }

    private TemplateException ErrorAt(string word, string message) => new(TemplateToken.PositionOf(text, word), message);

    private sealed class StatementFinder<T> : AstVisitor
        where T : Statement
    {
        public bool IsFound { get; private set; }

        public override Statement Visit(Statement statement)
        {
            IsFound |= statement is T;
            return base.Visit(statement);
        }
    }
}
