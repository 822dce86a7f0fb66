namespace StashAI.Storage.Sqlite.Database;

/// <summary>An operation in the writer's queue.</summary>
internal abstract class WriteOperation
{
    private Exception? error;

    public abstract void Execute(SqliteSession session);

    /// <summary>Notes that the operation failed; its caller is told when the group has ended.</summary>
    public void SetError(Exception exception) => error = exception;

    /// <summary>Completes the operation once its group is durable.</summary>
    public void Finish()
    {
        if (error is null) Succeed();
        else Fail(error);
    }

    public abstract void Fail(Exception exception);

    protected abstract void Succeed();
}

/// <inheritdoc/>
internal sealed class WriteOperation<T>(Func<SqliteSession, T> operation, CancellationToken cancellationToken) : WriteOperation
{
    private readonly TaskCompletionSource<T> completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? value;

    public Task<T> Task => completion.Task;

    public override void Execute(SqliteSession session)
    {
        cancellationToken.ThrowIfCancellationRequested();
        value = operation(session);
    }

    public override void Fail(Exception exception)
    {
        if (exception is OperationCanceledException) completion.TrySetCanceled(cancellationToken);
        else completion.TrySetException(exception);
    }

    protected override void Succeed() => completion.TrySetResult(value!);
}
