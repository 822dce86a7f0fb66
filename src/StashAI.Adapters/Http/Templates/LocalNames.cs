using Fluid.Ast;

namespace StashAI.Adapters.Http.Templates;

/// <summary>Collects the names that a template assigns.</summary>
internal sealed class LocalNames : AstVisitor
{
    public HashSet<string> Names { get; } = new(StringComparer.Ordinal);

    protected override Statement VisitAssignStatement(AssignStatement assignStatement)
    {
        Names.Add(assignStatement.Identifier);
        return base.VisitAssignStatement(assignStatement);
    }

    protected override Statement VisitCaptureStatement(CaptureStatement captureStatement)
    {
        Names.Add(captureStatement.Identifier);
        return base.VisitCaptureStatement(captureStatement);
    }

    protected override Statement VisitForStatement(ForStatement forStatement)
    {
        Names.UnionWith([forStatement.Identifier, "forloop", "parentloop"]);
        return base.VisitForStatement(forStatement);
    }

    protected override Statement VisitIncrementStatement(IncrementStatement incrementStatement)
    {
        Names.Add(incrementStatement.Identifier);
        return base.VisitIncrementStatement(incrementStatement);
    }

    protected override Statement VisitDecrementStatement(DecrementStatement decrementStatement)
    {
        Names.Add(decrementStatement.Identifier);
        return base.VisitDecrementStatement(decrementStatement);
    }
}
