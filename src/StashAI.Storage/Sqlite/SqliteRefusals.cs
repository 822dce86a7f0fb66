using Microsoft.Data.Sqlite;
using SQLitePCL;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Store;

namespace StashAI.Storage.Sqlite;

/// <summary>Tells a database that works and refuses a value from one that does not work.</summary>
internal static class SqliteRefusals
{
    public static AppliedBatch Apply(SqliteSession session, long nodeKey, IReadOnlyList<AttemptResult> results)
    {
        try
        {
            return SqliteApply.Run(session, nodeKey, results);
        }
        catch (SqliteException error) when (error.SqliteErrorCode is raw.SQLITE_TOOBIG or raw.SQLITE_CONSTRAINT or raw.SQLITE_MISMATCH)
        {
            throw new OutcomeRefusedException(error.Message, error);
        }
    }
}
