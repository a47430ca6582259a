import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.FilteringTokenFilter;
import org.apache.lucene.analysis.LowerCaseFilter;
import org.apache.lucene.analysis.TokenFilter;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.analysis.util.CharTokenizer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.Term;
import org.apache.lucene.queryparser.classic.QueryParser;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.TopScoreDocCollector;
import org.apache.lucene.store.MMapDirectory;
import org.apache.lucene.util.UnicodeUtil;

/**
 * Lucene behind the commands of scripts/compare: one a line on standard input, tab-separated.
 *
 * <pre>
 *     build   CORPUS INDEX                            one JSON line: documents, seconds
 *     open    INDEX                                   documents, segments, bytes by file kind
 *     run     MODE LIMIT COUNT REPEATS QUERIES OUT    writes OUT: microseconds, total, scores
 * </pre>
 *
 * Times are those of IndexSearcher.search alone; queries are made before. Without exact counts the
 * collector may skip from the moment it is full, which is as fast as Lucene goes.
 */
public final class LuceneEngine {
    private static final String FIELD = "body";
    private static final double RAM_MEGABYTES = 1900; // Lucene's limit for one thread is 2048
    private static final int LONGEST_TERM_BYTES = 39;

    private DirectoryReader reader;
    private IndexSearcher searcher;
    private final Analyzer analyzer = new Words();

    /** Runs of alphanumeric characters, lowercased, below 40 bytes: Tantivy's "default". */
    private static final class Words extends Analyzer {
        @Override
        protected TokenStreamComponents createComponents(String field) {
            Tokenizer runs = new CharTokenizer(TokenStream.DEFAULT_TOKEN_ATTRIBUTE_FACTORY, 1 << 20) {
                @Override
                protected boolean isTokenChar(int character) {
                    int type = Character.getType(character);
                    return Character.isAlphabetic(character) || type == Character.DECIMAL_DIGIT_NUMBER
                        || type == Character.LETTER_NUMBER || type == Character.OTHER_NUMBER;
                }
            };
            return new TokenStreamComponents(
                runs, new LowerCaseFilter(new DottedCapitals(new ShortTokens(runs))));
        }
    }

    /** The one character whose lowercase form is two: Lucene's filter makes a plain i of it. */
    private static final class DottedCapitals extends TokenFilter {
        private final CharTermAttribute term = addAttribute(CharTermAttribute.class);

        DottedCapitals(TokenStream input) {
            super(input);
        }

        @Override
        public boolean incrementToken() throws IOException {
            if (!input.incrementToken()) {
                return false;
            }
            String text = term.toString();
            if (text.indexOf('\u0130') >= 0) {
                term.setEmpty().append(text.replace("\u0130", "i\u0307"));
            }
            return true;
        }
    }

    private static final class ShortTokens extends FilteringTokenFilter {
        private final CharTermAttribute term = addAttribute(CharTermAttribute.class);

        ShortTokens(TokenStream input) {
            super(input);
        }

        @Override
        protected boolean accept() {
            int bytes = UnicodeUtil.calcUTF16toUTF8Length(term, 0, term.length());
            return bytes <= LONGEST_TERM_BYTES;
        }
    }

    private String build(String corpus, String folder) throws IOException {
        long began = System.nanoTime();
        long documents = 0;
        IndexWriterConfig configuration = new IndexWriterConfig(analyzer)
            .setRAMBufferSizeMB(RAM_MEGABYTES).setUseCompoundFile(false);
        try (MMapDirectory directory = new MMapDirectory(Paths.get(folder));
             IndexWriter writer = new IndexWriter(directory, configuration);
             BufferedReader lines = Files.newBufferedReader(Paths.get(corpus))) {
            TextField body = new TextField(FIELD, "", Field.Store.NO);
            Document document = new Document();
            document.add(body);
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                body.setStringValue(member(line));
                writer.addDocument(document);
                documents++;
            }
            writer.forceMerge(1);
            writer.commit();
        }
        return String.format(
            "{\"documents\":%d,\"seconds\":%f}", documents, (System.nanoTime() - began) / 1e9);
    }

    /** The string member FIELD of a line that scripts/compare wrote, where it is the last one. */
    private static String member(String line) {
        String start = "\"" + FIELD + "\": \"";
        int place = line.indexOf(start) + start.length();
        StringBuilder text = new StringBuilder(line.length());
        for (; line.charAt(place) != '"'; place++) {
            char character = line.charAt(place);
            if (character != '\\') {
                text.append(character);
                continue;
            }
            character = line.charAt(++place);
            if (character == 'u') {
                text.append((char) Integer.parseInt(line.substring(place + 1, place + 5), 16));
                place += 4;
            } else {
                int escape = "bfnrt".indexOf(character);
                text.append(escape < 0 ? character : "\b\f\n\r\t".charAt(escape));
            }
        }
        return text.toString();
    }

    private String open(String folder) throws IOException {
        reader = DirectoryReader.open(new MMapDirectory(Paths.get(folder)));
        searcher = new IndexSearcher(reader);
        searcher.setQueryCache(null);
        Map<String, Long> kinds = new TreeMap<>();
        try (Stream<Path> files = Files.list(Paths.get(folder))) {
            for (Path file : (Iterable<Path>) files::iterator) {
                String name = file.getFileName().toString();
                String kind = name.substring(name.lastIndexOf('.') + 1);
                kinds.merge(kind, Files.size(file), Long::sum);
            }
        }
        StringBuilder sizes = new StringBuilder();
        kinds.forEach((kind, size) ->
            sizes.append(sizes.length() == 0 ? "" : ",").append("\"" + kind + "\":" + size));
        return String.format("{\"documents\":%d,\"segments\":%d,\"files\":{%s}}",
            reader.numDocs(), reader.leaves().size(), sizes);
    }

    private Query query(String mode, String line) throws Exception {
        if (mode.equals("typed")) {
            return new QueryParser(FIELD, analyzer).parse(line);
        }
        String[] words = line.trim().split("\\s+");
        if (words.length == 1) {
            return new TermQuery(new Term(FIELD, words[0]));
        }
        if (mode.equals("phrase")) {
            return new PhraseQuery(FIELD, words);
        }
        BooleanClause.Occur occur =
            mode.equals("union") ? BooleanClause.Occur.SHOULD : BooleanClause.Occur.MUST;
        BooleanQuery.Builder builder = new BooleanQuery.Builder();
        for (String word : words) {
            builder.add(new TermQuery(new Term(FIELD, word)), occur);
        }
        return builder.build();
    }

    private TopDocs search(Query query, int limit, boolean exact) throws IOException {
        TopScoreDocCollector collector =
            TopScoreDocCollector.create(limit, exact ? Integer.MAX_VALUE : 1);
        searcher.search(query, collector);
        return collector.topDocs();
    }

    private String run(String mode, int limit, boolean exact, int repeats, List<String> lines,
                       String out) throws Exception {
        List<Query> queries = new ArrayList<>();
        for (String line : lines) {
            queries.add(query(mode, line));
        }
        long[] best = new long[queries.size()];
        Arrays.fill(best, Long.MAX_VALUE);
        TopDocs[] answers = new TopDocs[best.length];
        for (int repeat = 0; repeat < repeats; repeat++) {
            for (int place = 0; place < best.length; place++) {
                long began = System.nanoTime();
                TopDocs found = search(queries.get(place), limit, exact);
                best[place] = Math.min(best[place], System.nanoTime() - began);
                answers[place] = found;
            }
        }
        try (PrintWriter file = new PrintWriter(Files.newBufferedWriter(Paths.get(out)))) {
            for (int place = 0; place < best.length; place++) {
                TopDocs found = answers[place];
                StringBuilder scores = new StringBuilder();
                for (int hit = 0; hit < Math.min(10, found.scoreDocs.length); hit++) {
                    ScoreDoc document = found.scoreDocs[hit];
                    scores.append(hit == 0 ? "" : " ").append(document.score);
                }
                long total = exact ? found.totalHits.value : -1;
                file.print(best[place] / 1000.0 + "\t" + total + "\t" + scores + "\n");
            }
        }
        return "{\"queries\":" + best.length + "}";
    }

    private String answer(String[] words) throws Exception {
        switch (words[0]) {
            case "build": return build(words[1], words[2]);
            case "open": return open(words[1]);
            default:
                return run(words[1], Integer.parseInt(words[2]), words[3].equals("exact"),
                    Integer.parseInt(words[4]), Files.readAllLines(Paths.get(words[5])), words[6]);
        }
    }

    public static void main(String[] arguments) throws Exception {
        LuceneEngine engine = new LuceneEngine();
        BufferedReader commands =
            new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = commands.readLine(); line != null; line = commands.readLine()) {
            System.out.println(engine.answer(line.split("\t")));
            System.out.flush();
        }
    }
}
