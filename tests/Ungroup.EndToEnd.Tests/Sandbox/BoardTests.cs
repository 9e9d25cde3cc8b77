using System.Text;
using Ungroup.Cli.Sandbox.Lines;
using Ungroup.Cli.Sandbox.Report;
using Ungroup.Messages;

namespace Ungroup.EndToEnd.Tests.Sandbox;

/// <summary>Lines that are jobs, from their messages to the events of their jobs.</summary>
public sealed class BoardTests
{
    private const string Job = """{"jobId":"JOB-7","securityGroupId":"sg-1","regionId":"cn-hangzhou","resources":["i-1","i-2"]}""";

    private static readonly JobNews Planned = News("Planned", """{"total":2}""");
    private static readonly JobNews Ended = News("Ended", """{"total":2,"open":0,"notStarted":0,"Removed":2}""");

    private readonly RequestLine[] _lines = [.. RequestLine.Split(Encoding.UTF8.GetBytes($"{Job}\n{Job}"))];
    private readonly Board _board;

    public BoardTests() => _board = new(_lines);

    [Fact]
    public void A_line_that_is_a_job_has_ended_with_the_job_and_not_with_its_message()
    {
        Take(0);
        _board.Heard(Planned, "e-1");
        _board.Heard(new OutcomeFacts("Removed", null, "", false, "JOB-7/i-1", "JOB-7/i-1", "default", "upstream", "JOB-7"));

        var state = _board.Snapshot()[0];
        Assert.Equal((null, 1, 2), (state.End, state.JobDone, state.JobTotal));

        _board.Receive("e-2");
        _board.Heard(Ended, "e-2");
        Assert.Equal(
            $$$"""{"line":1,"messageId":"{{{_lines[0].MessageId}}}","requestId":null,"jobId":"JOB-7","status":"Completed","code":null,"sentence":"Done.","settlement":"complete","deadLettered":false,"replayed":false,"confirmedByReadBack":false,"deliveries":1,"attempts":0,"ecsCalls":0,"counts":{"total":2,"open":0,"notStarted":0,"Removed":2}}""",
            ReportRow.Of(_board.Snapshot()[0], countsCalls: true).ToJson());
    }

    [Fact]
    public void A_line_whose_message_comes_after_the_end_of_the_job_ends_with_its_message()
    {
        Take(0);
        _board.Heard(Ended, "e-2");
        Assert.Null(_board.Snapshot()[1].End);
        Assert.False(_board.AllEnded.IsCompleted);

        Take(1);
        Assert.Equal("Completed", _board.Snapshot()[1].End!.Outcome.Status);
        Assert.True(_board.AllEnded.IsCompleted);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Of_two_lines_that_are_one_job_the_second_is_only_told_again_whether_it_comes_before_the_end_or_after(bool isBefore)
    {
        Take(0);
        if (isBefore)
        {
            Take(1);
        }

        _board.Heard(Ended, "e-2");
        Take(1);
        Assert.Equal([false, true], _board.Snapshot().Select(state => state.End!.Replayed));
    }

    [Fact]
    public void A_job_that_is_rejected_is_not_ended_by_another_of_its_name()
    {
        _board.Heard(Ended, "e-2");
        var told = new OutcomeEvent("e-3", "ungroup.removal.Rejected.v1", "job:JOB-7", Encoding.UTF8.GetBytes(
            """{"type":"ungroup.removal.Rejected.v1","data":{"messageId":"m","jobId":"JOB-7","account":"default","status":"Rejected","code":"IdempotencyConflict","sentence":"No."}}"""));
        _board.Settled(Delivered(1), new Settlement.DeadLetter("IdempotencyConflict", "No.") { Outcome = told });

        var row = ReportRow.Of(_board.Snapshot()[1], countsCalls: false);
        Assert.Equal(("Rejected", "IdempotencyConflict", "JOB-7", true, null), (row.Status, row.Code, row.JobId, row.DeadLettered, row.Counts));
    }

    [Fact]
    public void The_calls_of_its_requests_are_the_job_s()
    {
        var request = Delivered(0) with { MessageId = "JOB-7/i-1" };
        _board.Settled(request, new Settlement.Complete { Calls = new(1, 2) });

        Assert.True(_board.IsOfAJob(request));
        Assert.True(_board.IsOfAJob(request with { MessageId = "job:default:JOB-7" }));
        Assert.False(_board.IsOfAJob(request with { MessageId = "JOB-8/i-1" }));
        Assert.Equal(2, _board.Snapshot()[0].Calls.EcsCalls);
    }

    private static JobNews News(string name, string counts) => JobNews.Read(Encoding.UTF8.GetBytes(
        $$$"""{"type":"ungroup.job.{{{name}}}.v1","data":{"status":"{{{(name == "Ended" ? "Completed" : name)}}}","sentence":"Done.","jobId":"JOB-7","account":"default","counts":{{{counts}}}}}"""))!;

    private void Take(int line) => _board.Settled(Delivered(line), new Settlement.Complete());

    private Delivery Delivered(int line) => new() { MessageId = _lines[line].MessageId, Body = _lines[line].Body, EnqueuedAt = DateTimeOffset.UnixEpoch };
}
