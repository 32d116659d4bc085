# Turns the output of `ctest -V` into one line for each test case:
#   passed|failed|skipped <tab> PROGRAM <tab> CASE <tab> REASON
# A program that does not speak GoogleTest is one case. What failing cases printed goes to the file
# `details`, if that is set. Lines of one program begin with its number: "12: [       OK ] A.b (3 ms)".

function report(verdict, id, name, reason) {
    printf "%s\t%s\t%s\t%s\n", verdict, program[id], name, reason
}

function tell(id, title,    i, first) {
    if (!details) return
    first = lines[id] > 60 ? lines[id] - 60 : 0
    printf "--- %s: %s\n", program[id], title > details
    for (i = first; i < lines[id]; i++) print "    " said[id, i] > details
}

/^test [0-9]+$/ { id = $2; next }
/^ +Start +[0-9]+: / { number = $2; sub(/:$/, "", number); program[number] = $3; next }

/^[0-9]+: / {
    id = $1
    sub(/:$/, "", id)
    text = $0
    sub(/^[0-9]+: /, "", text)
    # The case's name without GoogleTest's additions: ", where GetParam() = 3 (2 ms)".
    name = text
    sub(/^\[[^]]*\] */, "", name)
    sub(/(, where .*)? \([0-9]+ ms\)$/, "", name)

    if (text ~ /^\[==========\] .* ran\./) {
        ended[id] = 1
        lines[id] = 0
    }
    if (ended[id]) {
        # The summary repeats the failures; a sanitizer may still have something to say.
        if (text !~ /^\[|^ *$/) said[id, lines[id]++] = text
    } else if (text ~ /^\[==========\]/) {
        speaks[id] = 1
    } else if (text ~ /^\[ RUN      \]/) {
        running[id] = name
        lines[id] = 0
    } else if (text ~ /^\[       OK \]/ && running[id]) {
        report("passed", id, name, "")
        running[id] = ""
    } else if (text ~ /^\[  SKIPPED \]/ && running[id]) {
        # "FILE:LINE: Skipped" and the message on the lines after it.
        reason = ""
        for (i = 0; i < lines[id]; i++)
            if (said[id, i] ~ /: Skipped$/)
                for (i++; i < lines[id] && said[id, i] != ""; i++)
                    reason = reason (reason ? " " : "") said[id, i]
        report("skipped", id, name, reason)
        running[id] = ""
    } else if (text ~ /^\[  FAILED  \]/ && running[id]) {
        report("failed", id, name, "")
        tell(id, name)
        failures[id]++
        running[id] = ""
    } else {
        said[id, lines[id]++] = text
    }
    next
}

# " 3/12 Test  #3: unit_frame ....   Passed    0.10 sec"; or "....***Failed", "....***Skipped",
# "....Subprocess aborted***Exception:" and so on.
/^ *[0-9]+\/[0-9]+ Test +#[0-9]+: / {
    match($0, /#[0-9]+/)
    id = substr($0, RSTART + 1, RLENGTH - 1)
    verdict = $0
    if (!sub(/.*\*\*\*/, "", verdict)) verdict = "Passed"
    sub(/ +[0-9.]+ sec.*/, "", verdict)
    if (verdict == "Exception:") {
        verdict = $0
        sub(/\*\*\*.*/, "", verdict)
        sub(/.*\.\.\./, "", verdict)
    }

    if (verdict == "Passed" && (!speaks[id] || ended[id])) {
        if (!speaks[id]) report("passed", id, program[id], "")
    } else if (verdict ~ /^Skipped|Disabled/) {
        report("skipped", id, program[id], lines[id] ? said[id, lines[id] - 1] : "")
    } else if (!failures[id]) {
        # It crashed, ran out of time, or a sanitizer complained at its end.
        report("failed", id, running[id] ? running[id] : program[id], verdict)
        tell(id, verdict (running[id] ? " in " running[id] : ""))
    }
}
