using Ungroup.Requests;

namespace Ungroup.Intake;

/// <summary>A body as it was read, before anything of it is a message.</summary>
public abstract record IntakeReading
{
    private IntakeReading()
    {
    }

    public sealed record One(IntakeItem Item) : IntakeReading;

    /// <param name="Items">1 to <see cref="IntakeReader.MostRequests"/>, each for itself.</param>
    public sealed record Batch(IReadOnlyList<IntakeItem> Items) : IntakeReading;

    /// <summary>Not even the requests can be told apart.</summary>
    public sealed record Unreadable(RequestProblem Problem) : IntakeReading;

    public sealed record TooLarge(string Sentence) : IntakeReading;

    public sealed record OtherType(string Sentence) : IntakeReading;
}

/// <summary>One request of a body.</summary>
public abstract record IntakeItem
{
    private IntakeItem()
    {
    }

    /// <param name="Request">The request as the worker will read it.</param>
    /// <param name="Body">The body of the message: as it came, or of a restore the request as it was read.</param>
    /// <param name="ContentType">The content type of the message.</param>
    public sealed record Accepted(RemovalRequest Request, ReadOnlyMemory<byte> Body, string ContentType) : IntakeItem
    {
        public required RequestDoor Door { get; init; }

        /// <summary>The request's key, so that a request that is sent twice is one message, and the ledger absorbs the second.</summary>
        public string MessageId => Request.RequestId;

        public string Queue => RequestQueues.For(Request.Origin);
    }

    public sealed record Invalid(ParsedRequest.Invalid Why) : IntakeItem;
}
