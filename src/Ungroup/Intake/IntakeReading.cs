using Ungroup.Requests;

namespace Ungroup.Intake;

/// <summary>A body as it was read, before anything of it is a message.</summary>
public abstract record IntakeReading
{
    private IntakeReading()
    {
    }

    /// <summary>One request.</summary>
    public sealed record One(IntakeItem Item) : IntakeReading;

    /// <summary>An array of requests.</summary>
    /// <param name="Items">1 to <see cref="IntakeReader.MostRequests"/>, each for itself.</param>
    public sealed record Batch(IReadOnlyList<IntakeItem> Items) : IntakeReading;

    /// <summary>Not even the requests can be told apart.</summary>
    public sealed record Unreadable(RequestProblem Problem) : IntakeReading;

    /// <summary>The body is longer than any that is read.</summary>
    public sealed record TooLarge(string Sentence) : IntakeReading;

    /// <summary>The content type is none that is read.</summary>
    public sealed record OtherType(string Sentence) : IntakeReading;
}

/// <summary>One request of a body.</summary>
public abstract record IntakeItem
{
    private IntakeItem()
    {
    }

    /// <summary>A request that may be enqueued.</summary>
    public sealed record Accepted : IntakeItem
    {
        internal Accepted(RemovalRequest request, ReadOnlyMemory<byte> body, string contentType, RequestDoor door) =>
            (Request, Body, ContentType, Door) = (request, body, contentType, door);

        /// <summary>The name of the account.</summary>
        public string Account => Request.Account;

        /// <summary>Whether a request that names no account is of this one.</summary>
        public bool IsOfDefaultAccount => Account == KnownAccounts.DefaultName;

        /// <summary>The body of the message: as it came, or of a restore the request as it was read.</summary>
        public ReadOnlyMemory<byte> Body { get; }

        /// <summary>The content type of the message.</summary>
        public string ContentType { get; }

        /// <summary>Where the request was handed in.</summary>
        public RequestDoor Door { get; }

        /// <summary>The request's key, so that a request that is sent twice is one message, and the ledger absorbs the second.</summary>
        public string MessageId => Request.RequestId;

        /// <summary>The queue of the request's origin.</summary>
        public string Queue => RequestQueues.For(Request.Origin);

        internal RemovalRequest Request { get; }
    }

    /// <summary>A request that is not enqueued.</summary>
    public sealed record Invalid : IntakeItem
    {
        internal Invalid(ParsedRequest.Invalid why) => Why = why;

        internal ParsedRequest.Invalid Why { get; }
    }
}
