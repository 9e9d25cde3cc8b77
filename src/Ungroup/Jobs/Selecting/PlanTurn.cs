using Ungroup.Ledger;

namespace Ungroup.Jobs.Selecting;

/// <summary>The result of one page of planning.</summary>
internal abstract record PlanTurn
{
    private PlanTurn()
    {
    }

    /// <param name="Next">The job as it is then.</param>
    /// <param name="Rows">Written together with it, or before it where they do not fit.</param>
    public sealed record Page(JobHead Next, IReadOnlyList<RowChange> Rows) : PlanTurn;

    /// <summary>ECS does not answer now.</summary>
    public sealed record Wait(DateTimeOffset Until, string Why) : PlanTurn;

    /// <summary>It cannot be planned, or must not be done.</summary>
    public sealed record End(JobEnd As, string Why) : PlanTurn;
}
